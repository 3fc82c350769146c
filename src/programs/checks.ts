import { appendFileSync } from "node:fs";
import type { CheckOrder, CheckRuns } from "../core/errands/card.ts";
import { mustersFolder, newFile } from "./folders.ts";
import { runGroup } from "./group.ts";
import { Keeping } from "./keeping.ts";

/** A person's own line, as they would type it. */
const shellFor = (line: string): string[] => ["/bin/sh", "-c", line];

async function run({ line, cwd, env, log, limitMs, signal }: CheckOrder): Promise<number | null> {
  appendFileSync(log, `$ ${line}\n`);
  const words = new Keeping(log);
  const { code, end, problem } = await runGroup({
    argv: shellFor(line),
    ...{ cwd, env, limitMs, signal, out: words.add, err: words.add },
  });
  words.close();
  appendFileSync(log, `[${end === "own" ? `rc=${code}` : problem}]\n\n`);
  return code;
}

/** Checks of evidence cards as processes of this machine. */
export const systemChecks: CheckRuns = {
  open: async (repo, name) => newFile(mustersFolder(repo, "work", "logs"), name, ".log"),
  run,
};
