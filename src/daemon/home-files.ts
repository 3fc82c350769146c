import { readFileSync, rmSync } from "node:fs";
import type { Home } from "../client/home.ts";
import { wantedLeads } from "../core/lead/state.ts";
import type { State } from "../core/state.ts";
import { isBeating } from "../engine/triggers/reactor.ts";
import { writeCopy } from "../files/ledger-copy.ts";
import type { Parts } from "./parts.ts";

/** What survives a restart by a person's choice, for programs that look: a copy, never read back. */
const prefsOf = (state: State) => ({ pulse_enabled: isBeating(state), auto_respawn: wantedLeads(state).length > 0 });

/** Keeps `daemon-prefs.json` as the facts say (A40). */
export function keepPrefs({ engine, home }: Pick<Parts, "engine" | "home">, told: (error: Error) => void): void {
  let written = "";
  let writing = Promise.resolve();
  const keep = () => {
    const prefs = prefsOf(engine.state);
    const text = JSON.stringify(prefs);
    if (text === written) return;
    written = text;
    // One after the other: the last one wins.
    writing = writing.then(() => writeCopy(home.prefs, prefs)).catch(told);
  };
  engine.subscribe(keep);
  keep();
}

/** Takes the file with this process's id away; one that names another process is not ours. */
export function removePid({ pid }: Home): void {
  try {
    if (readFileSync(pid, "utf8").trim() === String(process.pid)) rmSync(pid);
  } catch {
    // It is gone already.
  }
}
