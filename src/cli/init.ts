import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type CommandSpec, isSet, text } from "./command.ts";
import { requireRepository } from "./repository.ts";
import { paint, table } from "./style.ts";

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

type Mark = "created" | "kept" | "replaced" | "extended";

interface Line {
  what: Mark;
  path: string;
  /** What is worth knowing besides. */
  note?: string;
}

function writeScaffold(root: string, path: string, content: string, isForced: boolean): Line {
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  if (!existsSync(target)) {
    writeFileSync(target, content);
    return { what: "created", path };
  }
  if (!isForced || readFileSync(target, "utf8") === content) return { what: "kept", path };
  const kept = `${path}.bak-${Math.floor(Date.now() / 1000)}`;
  copyFileSync(target, join(root, kept));
  writeFileSync(target, content);
  return { what: "replaced", path, note: `the old one is ${kept}` };
}

function ignore(root: string): Line {
  const path = join(root, ".gitignore");
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  if (/^\/?\.muster\/?$/m.test(before)) return { what: "kept", path: ".gitignore" };
  appendFileSync(path, `${before === "" || before.endsWith("\n") ? "" : "\n"}/.muster/\n`);
  return { what: before === "" ? "created" : "extended", path: ".gitignore", note: "/.muster/ is ignored" };
}

function folders(root: string): Line {
  const isThere = existsSync(join(root, ".muster"));
  for (const folder of FOLDERS) mkdirSync(join(root, ".muster", folder), { recursive: true, mode: 0o700 });
  return { what: isThere ? "kept" : "created", path: ".muster/", note: `folders: ${FOLDERS.join(", ")}` };
}

/** Puts the scaffold of a team into a repository; existing files stay. */
function scaffold(root: string, isForced: boolean): Line[] {
  const files = Object.entries(FILES);
  return [folders(root), ...files.map(([path, content]) => writeScaffold(root, path, content, isForced)), ignore(root)];
}

function shown({ what, path, note }: Line): string[] {
  return [paint(what === "kept" ? "dim" : "green", what), path, note ? paint("dim", note) : ""];
}

export const command: CommandSpec = {
  name: "init",
  usage: "init [--to PATH] [--force]",
  summary: "Prepares a git repository for a team: settings, mailbox, boards, ignore rule. Existing files are kept.",
  examples: ["muster init", "muster init --to ../other --force"],
  flags: {
    to: { type: "string", value: "PATH", help: "the repository, or a folder in it (here)" },
    force: { type: "boolean", help: "overwrite, after saving <file>.bak-<time>" },
  },
  async run({ flags, cwd, isJson, print }) {
    const root = requireRepository(resolve(cwd, text(flags, "to") ?? "."));
    const lines = scaffold(root, isSet(flags, "force"));
    if (isJson) print(JSON.stringify(lines));
    else
      print(`${paint("bold", root)}
${table(lines.map(shown))}

Nothing is committed. Next:
  $EDITOR PROJECT.md    what this project is for; every agent gets it in full
  muster run            starts the team`);
    return 0;
  },
};
