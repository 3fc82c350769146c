import { describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { COMMON, TABLE } from "./import-table.ts";
import { codeOf, isTest, ROOT, type Source, sourcesIn } from "./sources.ts";

/** `from "…"`, `import "…"`, `import("…")`: type imports too, which tools that look at the built code do not see. */
const IMPORT = /\b(?:from|import)\s*\(?\s*["']([^"'\n]+)["']/g;

const importsOf = (text: string): string[] => [...codeOf(text).matchAll(IMPORT)].map((match) => match[1] ?? "");

/** The folder of src (or the file in it) that a path belongs to. */
const partOf = (path: string): string => path.split("/")[0] ?? path;

function forbiddenImports({ path, text }: Source): string[] {
  const rule = TABLE[partOf(path)];
  if (!rule) return [`${path}: ${partOf(path)} has no rule`];
  return importsOf(text).flatMap((name) => {
    if (!name.startsWith(".")) return [];
    const target = posix.join(posix.dirname(path), name);
    // Unit tests may use the fakes and fixtures of test/.
    if (target.startsWith("../")) return isTest(path) && target.startsWith("../test/") ? [] : [`${path} leaves src`];
    const part = partOf(target);
    const isFree = part === partOf(path) || rule.may.includes(part) || COMMON.includes(part);
    return isFree ? [] : [`${path} imports ${target}: ${partOf(path)} may not import ${part} (${rule.why})`];
  });
}

/** What stands in a text of these folders breaks the architecture although it is no import. */
interface Ban {
  what: string;
  pattern: RegExp;
  /** Does it hold for this path in src? */
  holds(path: string): boolean;
}

const within = (...parts: string[]) => {
  return (path: string) => !isTest(path) && parts.some((part) => path.startsWith(`${part}/`));
};
const outside = (...parts: string[]) => {
  return (path: string) => !isTest(path) && !parts.some((part) => path.startsWith(`${part}/`));
};

const BANS: Ban[] = [
  {
    what: "Bun, Node or packages in the pure core",
    pattern: /\bBun\.|["']bun:|["']node:|\bprocess\.|\bfrom ["'][^.]/,
    holds: within("core"),
  },
  {
    what: "time or chance past the ports",
    pattern: /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bset(Timeout|Interval)\b|\bperformance\.|\bcrypto\./,
    holds: within("core", "engine"),
  },
  { what: "Bun or Node in the browser", pattern: /\bBun\.|["']bun:|["']node:|\bprocess\./, holds: within("web") },
  {
    what: "tmux past its wrapper",
    // Its bare name or path as any text: whoever starts a program needs that.
    pattern: /["'`](\/[^"'`\s]*\/)?tmux["'`]|\bspawn\w*\(\s*["'`]tmux/,
    holds: outside("tmux"),
  },
  {
    what: "git past its wrapper",
    pattern: /\[\s*["'`](\/\S*\/)?git["'`]\s*[,\]]|\bspawn\w*\(\s*["'`]git/,
    holds: outside("git"),
  },
  {
    what: "a shell",
    pattern: /[[(]\s*["'`](\/\S*\/)?(ba|z|da)?sh["'`]\s*,\s*\[?\s*["'`]-\w*c|\bBun\.\$|\bexecSync\(/,
    // The stand-in runs hooks as the CLI it stands for does; git runs a repository's own lint and test commands.
    holds: outside("drivers/standin", "git"),
  },
  { what: "raw HTML", pattern: /innerHTML/i, holds: () => true },
];

/** What a pattern finds although it is none; each is still found, or it must go from this list. */
const NONE: Record<string, string> = {
  "cli/doctor/machine.ts: tmux past its wrapper": "asks the installed tmux for its version, which needs no server",
  "cli/demo/project.ts: git past its wrapper":
    "the demo makes a repository of its own, before any daemon runs, with nobody's configuration",
  "programs/checks.ts: a shell": "a person's own evidence card: its lines are typed by them, as in their shell",
  "tmux/window.ts: a shell": "arguments of a pane, not of a process of ours: a constant script, its values by position",
};

const found = ({ path, text }: Source): string[] =>
  BANS.filter(({ pattern, holds }) => holds(path) && pattern.test(codeOf(text))).map(({ what }) => `${path}: ${what}`);

const banned = (source: Source): string[] => found(source).filter((breach) => !Object.hasOwn(NONE, breach));

/** Every breach of the table and of the bans in a folder laid out like src. */
function breaches(src: string): string[] {
  const parts = readdirSync(src);
  const missing = Object.entries(TABLE)
    .filter(([part, { isPlanned }]) => !isPlanned && !parts.includes(part))
    .map(([part]) => `the table has a rule for ${part}, which is not there`);
  const unlisted = parts.filter((part) => !TABLE[part]).map((part) => `${part} has no rule`);
  const sources = sourcesIn(src);
  return [...missing, ...unlisted, ...sources.flatMap(forbiddenImports), ...sources.flatMap(banned)];
}

test("src keeps to the table: who imports whom, and what is done in one place only", () => {
  expect(breaches(join(ROOT, "src"))).toEqual([]);
});

test("what is excused is still there", () => {
  expect(sourcesIn(join(ROOT, "src")).flatMap(found)).toEqual(expect.arrayContaining(Object.keys(NONE)));
});

test("an adaptor never imports another, and nobody below the daemon imports it", () => {
  const adaptors = [
    "store",
    "tmux",
    "drivers",
    "mailbox",
    "git",
    "files",
    "boards",
    "programs",
    "bridges",
    "push",
    "client",
  ];
  for (const adaptor of adaptors) expect(TABLE[adaptor]?.may).toEqual(["core"]);
  for (const [part, { may }] of Object.entries(TABLE)) if (part !== "main.ts") expect(may).not.toContain("daemon");
});

describe("the check bites", () => {
  /** A src in which every listed part is there, and these files. */
  function withFiles<T>(files: Record<string, string>, look: (src: string) => T): T {
    const src = mkdtempSync(join(tmpdir(), "muster-boundaries-"));
    try {
      for (const part of Object.keys(TABLE)) {
        if (part.endsWith(".ts")) writeFileSync(join(src, part), "");
        else mkdirSync(join(src, part));
      }
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(src, path)), { recursive: true });
        writeFileSync(join(src, path), text);
      }
      return look(src);
    } finally {
      rmSync(src, { recursive: true });
    }
  }

  const BREACHES: [string, string, string][] = [
    ["a type import from core", "core/a.ts", 'import type { Log } from "../store/log.ts";'],
    ["an adaptor that imports another", "tmux/a.ts", 'export { open } from "../store/log.ts";'],
    ["an import at run time", "cli/a.ts", 'const daemon = await import("../daemon/daemon.ts");'],
    ["an import over two lines", "web/a.tsx", 'import {\n  a,\n} from\n  "../engine/engine.ts";'],
    ["an import of side effects", "server/a.ts", 'import "../tmux/tmux.ts";'],
    ["an import from outside", "engine/a.ts", 'import { World } from "../../test/simulation/world.ts";'],
    ["an unlisted folder", "helpers/a.ts", ""],
    ["a clock in core", "core/a.ts", "export const at = Date.now();"],
    ["a timer in the engine", "engine/a.ts", "setTimeout(() => {}, 1);"],
    ["Node in core", "core/a.ts", 'import { join } from "node:path";'],
    ["a package in core", "core/a.ts", 'import { parse } from "yaml";'],
    ["tmux from the daemon", "daemon/a.ts", 'Bun.spawn(["tmux", "kill-server"]);'],
    ["tmux by way of another program", "daemon/a.ts", 'Bun.spawn(["env", "-i", "tmux", "kill-server"]);'],
    ["tmux by a name", "cli/a.ts", 'const program = "/usr/bin/tmux";\nspawn(program, ["ls"]);'],
    ["git from the engine's world", "daemon/a.ts", 'spawn("git", ["status"]);'],
    ["a shell", "server/a.ts", `Bun.spawn(["sh", "-c", text]);`],
    ["a template shell", "cli/a.ts", "await Bun.$`ls`;"],
    ["raw HTML", "web/a.tsx", "node.innerHTML = text;"],
    ["raw HTML by Preact", "web/a.tsx", "<p dangerouslySetInnerHTML={{ __html: text }} />"],
  ];

  for (const [what, path, text] of BREACHES) {
    test(`on ${what}`, () => {
      expect(withFiles({ [path]: text }, breaches)).not.toEqual([]);
    });
  }

  test("on a rule without its folder", () => {
    const breached = withFiles({}, (src) => {
      rmSync(join(src, "git"), { recursive: true });
      return breaches(src);
    });
    expect(breached).toEqual(["the table has a rule for git, which is not there"]);
  });

  test("and not on what is allowed, or on comments", () => {
    const files = {
      "daemon/a.ts": 'import { openLog } from "../store/log.ts";\nimport { VERSION } from "../version.ts";',
      "core/a.ts": "/** Never Date.now() here. */\n// import { x } from '../store/log.ts'\nexport const a = 1;",
      "tmux/tmux.ts": 'Bun.spawn(["tmux", "-V"]);',
      "engine/a.test.ts": 'import { test } from "bun:test";\nimport { fake } from "../../test/fakes/log.ts";',
    };
    expect(withFiles(files, breaches)).toEqual([]);
  });
});
