import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Refusal } from "../core/refusal.ts";
import { type CommandSpec, isSet, text } from "./command.ts";
import { paint } from "./style.ts";

const FOLDERS = ["settings", "mailbox", "state", "logs", "work", "rules", "tasks"];

const POLICIES = `# What Muster checks before it commits a patch.
patch_queue:
  max_diff_lines: 150
  allowed_paths: [src/**, tests/**, test/**, docs/**, infra/**, README.md, AGENTS.md, PROJECT.md]
  # Found by themselves when absent: package.json scripts, pytest, cargo, go.
  # lint: npm run lint
  # test: npm test
`;

const BOARD = `# POR - Strategic Board

- North Star:
- Guardrails:
- Non-Goals / Boundaries:

## Deliverables (top-level)
## Bets & Assumptions
## Roadmap (Now/Next/Later)
## Decision & Pivot Log (recent 5)
## Risk Radar & Mitigations (up/down/flat)
## Portfolio Health (in-progress / at-risk only)
## Operating Principles (short)
## Maintenance & Change Log (append-only, one line each)
`;

const PROJECT = `# What this project is for

Say in a few lines what should exist in the end, who uses it, and how one sees that it works.
This text goes to every agent of the team, in full.
`;

const FOREMAN = `# What the foreman looks after

One short task at a time, in your own words.
`;

const FILES: Record<string, string> = {
  ".muster/settings/policies.yaml": POLICIES,
  "docs/por/POR.md": BOARD,
  "PROJECT.md": PROJECT,
  "FOREMAN_TASK.md": FOREMAN,
};

type Line = [mark: "created" | "kept" | "replaced", path: string];

function writeScaffold(root: string, path: string, content: string, isForced: boolean): Line {
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  if (!existsSync(target)) {
    writeFileSync(target, content);
    return ["created", path];
  }
  if (!isForced || readFileSync(target, "utf8") === content) return ["kept", path];
  copyFileSync(target, `${target}.bak-${Math.floor(Date.now() / 1000)}`);
  writeFileSync(target, content);
  return ["replaced", path];
}

function ignore(root: string): Line {
  const path = join(root, ".gitignore");
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  if (/^\/?\.muster\/?$/m.test(before)) return ["kept", ".gitignore"];
  appendFileSync(path, `${before === "" || before.endsWith("\n") ? "" : "\n"}/.muster/\n`);
  return [before === "" ? "created" : "replaced", ".gitignore (/.muster/ added)"];
}

/** A team works in a git repository; Muster never makes one. */
export function requireRepository(root: string): void {
  const found = statSync(root, { throwIfNoEntry: false });
  if (!found?.isDirectory()) throw new Refusal("failed", `${root} is not a folder`, "give an existing one");
  if (!existsSync(join(root, ".git")))
    throw new Refusal("failed", `${root} is not a git repository`, "run git init first");
}

/** Puts the scaffold of a team into a repository; existing files stay. */
function scaffold(root: string, isForced: boolean): Line[] {
  requireRepository(root);
  for (const folder of FOLDERS) mkdirSync(join(root, ".muster", folder), { recursive: true, mode: 0o700 });
  const written = Object.entries(FILES).map(([path, content]) => writeScaffold(root, path, content, isForced));
  return [...written, ignore(root)];
}

export const command: CommandSpec = {
  name: "init",
  usage: "init [--to PATH] [--force]",
  summary: "Prepares a git repository for a team: settings, mailbox, boards, ignore rule. Existing files are kept.",
  examples: ["muster init", "muster init --to ../other --force"],
  flags: {
    to: { type: "string", value: "PATH", help: "the repository (here)" },
    force: { type: "boolean", help: "overwrite, after saving <file>.bak-<time>" },
  },
  async run({ flags, cwd, isJson, print }) {
    const root = resolve(cwd, text(flags, "to") ?? ".");
    const lines = scaffold(root, isSet(flags, "force"));
    if (isJson) print(JSON.stringify(lines.map(([what, path]) => ({ what, path }))));
    else {
      for (const [what, path] of lines) print(`${paint(what === "kept" ? "dim" : "green", what.padEnd(8))} ${path}`);
      print("\nNext: write PROJECT.md, then muster run");
    }
    return 0;
  },
};
