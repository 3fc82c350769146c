import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PATCH_POLICY, type PatchPolicy } from "../../src/core/patch-policy.ts";
import type { PatchOrder, PatchProgress, PatchVerdict } from "../../src/core/ports.ts";
import { readForeign } from "../../src/files/safe-read.ts";
import { Git } from "../../src/git/git.ts";
import { GitPatchLine } from "../../src/git/patch-line.ts";

/** A real repository of its own, with a git that knows nothing of this machine's settings. For tests. */
export class Lab {
  readonly root = mkdtempSync(join(tmpdir(), "muster-git-"));
  readonly repo = join(this.root, "repo");
  readonly env: Record<string, string> = {
    PATH: process.env.PATH ?? "",
    HOME: this.root,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: join(this.root, "gitconfig"),
  };
  readonly told: PatchProgress[] = [];
  policy: PatchPolicy = PATCH_POLICY;
  private count = 0;

  constructor(files: Record<string, string> = { "src/a.txt": "one\ntwo\nthree\n" }) {
    mkdirSync(this.repo);
    writeFileSync(join(this.root, "gitconfig"), "[user]\n\tname = Ada\n\temail = ada@example.com\n");
    this.git("init", "--quiet", "--initial-branch=main");
    for (const [path, text] of Object.entries({ ".gitignore": "/.muster/\n", ...files })) this.write(path, text);
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message=first");
  }

  get wrapper(): Git {
    return new Git(this.env);
  }

  get head(): string {
    return this.git("rev-parse", "HEAD").trim();
  }

  git(...args: string[]): string {
    const { stdout, stderr, exitCode } = Bun.spawnSync(["git", ...args], { cwd: this.repo, env: this.env });
    if (exitCode !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
    return stdout.toString();
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.repo, path)), { recursive: true });
    writeFileSync(join(this.repo, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.repo, path), "utf8");
  }

  /** The diff that makes these changes, as git itself writes it; the files are put back. */
  diffOf(change: () => void): string {
    change();
    this.git("add", "--all");
    const diff = this.git("diff", "--cached", "--binary");
    this.git("reset", "--quiet", "--hard");
    return diff;
  }

  line(faultPoint?: (name: string) => void): GitPatchLine {
    const { env } = this;
    return new GitPatchLine({
      git: this.wrapper,
      env: () => env,
      policy: async () => this.policy,
      read: readForeign,
      faultPoint,
    });
  }

  order(diff: string, more: Partial<PatchOrder> = {}): PatchOrder {
    this.count += 1;
    const [patch, mid] = [`P-000${this.count}`, `muster-1700000000-00000${this.count}`];
    return { repo: this.repo, patch, mid, seat: "PeerA", title: "change things", diff, ...more };
  }

  run(diff: string, line = this.line()): Promise<PatchVerdict> {
    return line.run(this.order(diff), (progress) => this.told.push(progress), new AbortController().signal);
  }

  end(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
