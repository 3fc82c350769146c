import { existsSync } from "node:fs";
import { Refusal } from "../../core/refusal.ts";
import type { Call } from "../command.ts";
import { hooksOf } from "../hooks/installed.ts";
import { standing } from "../hooks/set-up.ts";
import type { Finding } from "./repository.ts";

function detailOf({ home, env }: Call): Omit<Finding, "name"> {
  const { path, missing, isOff, isLoaded, all } = standing(home, env);
  if (missing.length === all)
    return { ok: null, detail: "not installed; muster setup-hooks shows sessions that you start yourself" };
  if (!existsSync(`${hooksOf(home)}/relay-event.sh`))
    return { ok: false, detail: `${path} names a program that is gone; muster setup-hooks brings it back` };
  if (missing.length > 0)
    return { ok: false, detail: `${path} lacks ${missing.join(", ")}; muster setup-hooks adds them` };
  if (!isLoaded)
    return { ok: false, detail: `in ${path}, which Claude Code does not load: remarks or trailing commas are in it` };
  if (isOff) return { ok: null, detail: `installed, but ${path} has disableAllHooks: Claude Code runs none` };
  return { ok: true, detail: `in ${path}` };
}

/** Hooks in the person's own settings: for sessions that Muster did not start. */
export function hookFinding(call: Call): Finding {
  try {
    return { name: "hooks", ...detailOf(call) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { name: "hooks", ok: false, detail: `${error.message}; ${error.hint}` };
  }
}
