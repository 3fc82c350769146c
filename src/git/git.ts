import type { Environment } from "../core/environment.ts";
import { Refusal } from "../core/refusal.ts";
import { type Ended, runProgram } from "./process.ts";

/** A git command failed in a way nobody expected. */
class GitFailed extends Error {
  constructor(command: string, code: number, output: string) {
    super(`git ${command} ended with ${code}: ${output.trim().split("\n").at(-1) ?? ""}`);
  }
}

export interface GitCall {
  stdin?: string | Uint8Array;
  signal?: AbortSignal;
  /** Another index than the repository's own. */
  index?: string;
}

const LIMIT_MS = 30_000;

/** Where the person's own settings are (their identity among them); nothing else of our environment reaches git. */
const PASSED = [
  ...["PATH", "HOME", "USER", "LOGNAME", "TZ", "TMPDIR", "XDG_CONFIG_HOME"],
  ...["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"],
  ...["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"],
];

const FIXED = {
  LC_ALL: "C",
  GIT_TERMINAL_PROMPT: "0",
  GIT_ASKPASS: "false",
  GIT_EDITOR: "false",
  GIT_PAGER: "cat",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_ALLOW_PROTOCOL: "https:ssh",
  GIT_LITERAL_PATHSPECS: "1",
};

/** Settings of a repository that would run a program, or change what a patch means, without them (security §3, S41). */
const HARDENED: [string, string][] = [
  ["core.fsmonitor", "false"],
  ["core.hooksPath", "/dev/null"],
  ["core.pager", "cat"],
  ["core.editor", "false"],
  ["core.sshCommand", "ssh -oBatchMode=yes"],
  ["core.gitProxy", ""],
  ["core.quotePath", "true"],
  ["core.untrackedCache", "false"],
  ["credential.helper", ""],
  ["submodule.recurse", "false"],
  ["fetch.recurseSubmodules", "false"],
  ["diff.external", ""],
  ["diff.noprefix", "false"],
  ["apply.ignoreWhitespace", "no"],
  ["apply.whitespace", "nowarn"],
  ["commit.gpgSign", "false"],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  ["advice.detachedHead", "false"],
  ["user.useConfigOnly", "true"],
];

/** Commands that show contents: a driver of the attributes would be asked how. */
const SHOWING = new Set(["diff", "diff-tree", "diff-index", "diff-files", "log", "show", "format-patch"]);
const PLAIN = ["--no-ext-diff", "--no-textconv"];

/** The strongest place for settings, and the only one where any name can stand (`-c` splits at the first `=`). */
function asEnvironment(settings: [string, string][]): Record<string, string> {
  const env: Record<string, string> = { GIT_CONFIG_COUNT: String(settings.length) };
  for (const [index, [key, value]] of settings.entries()) {
    env[`GIT_CONFIG_KEY_${index}`] = key;
    env[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return env;
}

/** The one way to run git. Whatever a repository's own settings say, its programs do not run. */
export class Git {
  private readonly base: Record<string, string> = { ...FIXED };

  constructor(
    env: Environment,
    private readonly limitMs = LIMIT_MS,
  ) {
    for (const name of PASSED) {
      const value = env[name];
      if (value !== undefined) this.base[name] = value;
    }
  }

  /** Runs git and says how it ended. */
  async run(cwd: string, args: string[], call: GitCall = {}): Promise<Ended> {
    const filters = await this.filters(cwd, call.signal);
    const ended = await this.spawn(cwd, args, call, [...HARDENED, ...filters]);
    call.signal?.throwIfAborted();
    return ended;
  }

  /** Its output as text; throws when it fails. */
  async text(cwd: string, args: string[], call: GitCall = {}): Promise<string> {
    const ended = await this.run(cwd, args, call);
    const output = new TextDecoder().decode(ended.stdout);
    if (ended.code === 0) return output;
    throw new GitFailed(args[0] ?? "", ended.code, ended.stderr || output);
  }

  /** NUL-separated output as a list. */
  async list(cwd: string, args: string[], call: GitCall = {}): Promise<string[]> {
    return (await this.text(cwd, args, call)).split("\0").filter((part) => part !== "");
  }

  private spawn(cwd: string, args: string[], call: GitCall, settings: [string, string][]): Promise<Ended> {
    const [command = "", ...rest] = args;
    const plain = SHOWING.has(command) ? PLAIN : [];
    const argv = ["git", "--no-pager", "--no-replace-objects", command, ...plain, ...rest];
    const index: Record<string, string> = call.index === undefined ? {} : { GIT_INDEX_FILE: call.index };
    const env = { ...this.base, ...asEnvironment(settings), ...index };
    return runProgram({ argv, cwd, env, stdin: call.stdin, limitMs: this.limitMs, signal: call.signal });
  }

  /** Filters run programs on checkout and add; only the configuration knows their names, so each is emptied by name. */
  private async filters(cwd: string, signal?: AbortSignal): Promise<[string, string][]> {
    const args = ["config", "--null", "--name-only", "--get-regexp", "^filter\\."];
    const { stdout, code, stderr } = await this.spawn(cwd, args, { signal }, HARDENED);
    if (code === 127) throw new Refusal("failed", "git cannot be started", stderr);
    const names = new Set<string>();
    for (const key of new TextDecoder().decode(stdout).split("\0")) {
      const name = /^filter\.([\s\S]+)\.[^.]+$/.exec(key)?.[1];
      if (name !== undefined) names.add(name);
    }
    return [...names].flatMap((name): [string, string][] => [
      [`filter.${name}.clean`, ""],
      [`filter.${name}.smudge`, ""],
      [`filter.${name}.process`, ""],
      [`filter.${name}.required`, "false"],
    ]);
  }
}
