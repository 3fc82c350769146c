import { lstat, realpath } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import type { Environment } from "../core/environment.ts";
import type { PatchPolicy } from "../core/patch-policy.ts";
import type { Judgement } from "../core/ports.ts";
import { runCheck } from "./checks.ts";
import type { Git } from "./git.ts";
import { isCommitId } from "./refs.ts";
import { Stopped, standingOf } from "./repository.ts";
import { withScratch } from "./scratch.ts";

export interface JudgeParts {
  git: Git;
  env: Environment;
  policy: PatchPolicy;
  /** Reads a foreign file safely; throws when it must not be read. */
  read(path: string, limit?: number): Promise<Uint8Array>;
  signal: AbortSignal;
}

/** Log files are larger than letters. */
const LOG_LIMIT = 16 * 1024 * 1024;

const verified = (detail: string): Judgement => ({ verdict: "verified", detail });
const refuted = (detail: string): Judgement => ({ verdict: "refuted", detail });
const claimed = (detail: string): Judgement => ({ verdict: "claimed", detail });

async function judgeCommit({ git }: JudgeParts, repo: string, id: string): Promise<Judgement> {
  if (!isCommitId(id)) return refuted("it is not a commit id (4 to 64 hex digits)");
  const { head, branch } = await standingOf(git, repo);
  const found = await git.run(repo, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${id}^{commit}`]);
  if (found.code !== 0) return refuted("there is no such commit");
  const commit = new TextDecoder().decode(found.stdout).trim();
  const { code } = await git.run(repo, ["merge-base", "--is-ancestor", "--end-of-options", commit, head]);
  if (code !== 0) return refuted(`the commit exists, but ${branch} does not reach it`);
  return verified((await git.text(repo, ["log", "-1", "--format=%h %s", "--end-of-options", commit])).trim());
}

/** Only what a person listed is run again: a letter never makes Muster run a program. */
async function judgeCommand(parts: JudgeParts, repo: string, command: string, said: string): Promise<Judgement> {
  const { git, policy, env, signal } = parts;
  if (!policy.rerunAllow.includes(command))
    return claimed("it is not in evidence.rerun_allow, so it was not run again");
  const { head } = await standingOf(git, repo);
  const name = `cmd-${Bun.hash(command).toString(36)}`;
  return withScratch(git, { repo, name, commit: head, signal }, async (folder) => {
    const order = { folder, repo, paths: [], policy, env, signal };
    const { step, output } = await runCheck("test", { shell: command }, order);
    const isOk = step.code === 0;
    const detail = `${command} on ${head.slice(0, 10)} ended with rc=${step.code}`;
    return isOk === (said === "OK") ? verified(detail) : refuted(`${detail}\n${output}`);
  });
}

async function judgeLog(
  { read }: JudgeParts,
  repo: string,
  path: string,
  from: number,
  to: number,
): Promise<Judgement> {
  const whole = resolve(repo, path);
  const root = await realpath(repo);
  const real = await realpath(whole).catch(() => null);
  if (real === null) return refuted(`${path} does not exist`);
  if (!real.startsWith(root + sep) || (await lstat(join(real))).isSymbolicLink()) {
    return refuted(`${path} is not inside the repository`);
  }
  try {
    const lines = new TextDecoder()
      .decode(await read(real, LOG_LIMIT))
      .trimEnd()
      .split("\n");
    if (from < 1 || to < from || to > lines.length) return refuted(`${path} has ${lines.length} lines`);
    return verified(lines.slice(from - 1, Math.min(to, from + 2)).join("\n"));
  } catch (error) {
    return refuted(`${path}: ${error instanceof Error ? error.message : error}`);
  }
}

/** What Muster itself finds when it looks at a reference of a letter (P47). */
export async function judgeReference(parts: JudgeParts, repo: string, ref: string): Promise<Judgement> {
  try {
    const [, commit] = /^commit:\s*(\S+)$/.exec(ref) ?? [];
    if (commit) return await judgeCommit(parts, repo, commit);
    const [, command, said] = /^cmd:\s*(.+?)\s*::(\w+)$/.exec(ref) ?? [];
    if (command && said) return await judgeCommand(parts, repo, command, said);
    const [, path, from, to] = /^log:([^#]+)#L(\d+)(?:-L?(\d+))?$/.exec(ref) ?? [];
    if (path && from) return await judgeLog(parts, repo, path, Number(from), Number(to ?? from));
    return claimed("Muster cannot check this");
  } catch (error) {
    if (error instanceof Stopped) return claimed(error.reason);
    throw error;
  }
}
