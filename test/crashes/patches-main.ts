import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PATCH_POLICY } from "../../src/core/patch-policy.ts";
import { faultPoints } from "../../src/daemon/fault.ts";
import { systemClock } from "../../src/daemon/system.ts";
import { PatchReactor } from "../../src/engine/evidence/patches.ts";
import type { Reactor } from "../../src/engine/reactor.ts";
import { readForeign } from "../../src/files/safe-read.ts";
import { Git } from "../../src/git/git.ts";
import { GitPatchLine } from "../../src/git/patch-line.ts";
import { openTeam, when } from "./team.ts";

/** Proves every patch in `ROOT/patches.json` and whatever was queued before: `bun patches-main.ts ROOT REPO`. */
const [root = "", repo = ""] = process.argv.slice(2);
const faultPoint = faultPoints(process.env);
const { engine, log, mailboxes, start } = await openTeam(root, repo);
const { env } = process;
const line = new GitPatchLine({
  git: new Git(env),
  env: () => env,
  policy: async () => PATCH_POLICY,
  read: readForeign,
  faultPoint,
});
for (const patch of JSON.parse(readFileSync(join(root, "patches.json"), "utf8"))) {
  engine.dispatch({ do: "submit", patch }, { kind: "daemon" });
}
const reactor = new PatchReactor({
  clock: systemClock,
  line,
  state: () => engine.state,
  dispatch: (command, by) => void engine.dispatch(command, by),
  body: (patch) => log.body(patch.seq) ?? "",
  mailbox: (team) => mailboxes.of(team),
});
const stop = start(reactor as Reactor<unknown>);
await when(engine, () => Object.values(engine.state.patches).every((patch) => patch.state !== "queued"));
await stop();
