import { join } from "node:path";
import type { SheetSeen } from "../core/boards/facts.ts";
import { nearestIds, typedNumber } from "../core/boards/ids.ts";
import type { BoardsView, SheetMade } from "../core/boards/view.ts";
import { Refusal } from "../core/refusal.ts";
import { age, boardsHere, errorsShown, lintShown, lintWord, verbIn } from "./boards/view.ts";
import { type Call, type CommandSpec, text } from "./command.ts";
import { requireRepository } from "./repository.ts";
import { line, paint, table } from "./style.ts";

const VERBS = ["list", "new", "open", "lint"] as const;
const TITLES = ["SUBPOR", "STAGE", "OWNER", "CHANGED", "LINT", "TITLE"];

/** All sheets in columns; `now` is when they were looked at. */
export function sheetTable(sheets: SheetSeen[], now: number): string {
  const rows = sheets.map(({ id, stage, owner, updatedAt, lint, title }) => [
    paint("bold", id),
    line(stage) || paint("yellow", "none"),
    line(owner) || paint("yellow", "nobody"),
    `${age(updatedAt, now)} ago`,
    lintWord(lint),
    line(title),
  ]);
  return table([TITLES.map((title) => paint("dim", title)), ...rows]);
}

/** The sheet that a person means, by `T000003`, `T003` or `3`. */
function sheetNamed({ sheets }: BoardsView, word: string | undefined, verb: string): SheetSeen {
  if (word === undefined) throw new Refusal("usage", "an id is missing", `muster subpor ${verb} T000001`);
  const number = typedNumber(word);
  if (number === null) throw new Refusal("usage", `${word} is no id`, "T and six digits, such as T000007");
  const found = sheets.find(({ id }) => typedNumber(id) === number);
  if (found) return found;
  const ids = sheets.map(({ id }) => id);
  const hint = ids.length === 0 ? "there is none yet" : `nearest: ${nearestIds(number, ids).join(", ")}`;
  throw new Refusal("missing", `no SUBPOR ${word}`, hint);
}

async function make({ flags, cwd, daemon, isJson, print }: Call): Promise<number> {
  const repo = requireRepository(cwd);
  const title = text(flags, "title");
  if (!title?.trim()) throw new Refusal("usage", "a title is missing", '--title "what it is about"');
  const owner = text(flags, "owner");
  if (owner === undefined) throw new Refusal("usage", "an owner is missing", "--owner peerA or peerB");
  const more = { slug: text(flags, "slug"), timebox: text(flags, "timebox"), id: text(flags, "id") };
  const made = await (await daemon()).post<SheetMade>("/api/boards/sheets", { repo, title, owner, ...more });
  if (isJson) print(JSON.stringify(made));
  else
    print(
      `${paint("green", "created")}  ${made.path}\n\nNext: muster subpor open ${made.id}; muster por sync lists it`,
    );
  return 0;
}

/** Prints where it is; at a terminal the person's own editor opens it. */
async function open(call: Call): Promise<number> {
  const { view, repo } = await boardsHere(call);
  const path = join(repo, sheetNamed(view, call.words[1], "open").path);
  const editor = call.env.VISUAL || call.env.EDITOR;
  call.print(call.isJson ? JSON.stringify({ path }) : path);
  if (!call.isTty || call.isJson || !editor) return 0;
  const argv = [...editor.split(/\s+/).filter(Boolean), path];
  if (!Bun.which(argv[0] ?? "")) throw new Refusal("failed", `EDITOR names ${argv[0]}, which is no program`, "mend it");
  return Bun.spawn(argv, { stdin: "inherit", stdout: "inherit", stderr: "inherit" }).exited;
}

async function list(call: Call): Promise<number> {
  const { view } = await boardsHere(call);
  const { sheets, errors, at } = view;
  if (call.isJson) call.print(JSON.stringify(sheets, null, 1));
  else if (sheets.length === 0) call.print('No SUBPOR yet. muster subpor new --title "..." --owner peerB makes one.');
  else call.print(`${sheetTable(sheets, at)}${errorsShown(errors)}`);
  return 0;
}

export const command: CommandSpec = {
  name: "subpor",
  usage: "subpor [list] | subpor new --title T --owner peerA|peerB | subpor open|lint ID",
  summary:
    "The sheets of single tasks (docs/por/T######-slug/SUBPOR.md): lists them, makes one under the next free id, prints where one is (and opens it in $EDITOR at a terminal), or lists what one lacks (exit 1).",
  examples: [
    'muster subpor new --title "User dashboard" --owner peerB --timebox 2d',
    "muster subpor open T000003",
    "muster subpor lint 3",
  ],
  flags: {
    title: { type: "string", value: "T", help: "what it is about" },
    owner: { type: "string", value: "WHO", help: "peerA or peerB" },
    slug: { type: "string", value: "S", help: "second half of its folder's name (from the title)" },
    timebox: { type: "string", value: "1d", help: "how long it may take: 30m, 4h, 1d, 2w (1d)" },
    id: { type: "string", value: "T######", help: "its id (the next free one)" },
  },
  takes: [0, 2],
  async run(call) {
    const verb = verbIn("subpor", call.words[0] ?? "list", VERBS);
    if (verb === "new") return make(call);
    if (verb === "open") return open(call);
    if (verb === "list") return list(call);
    const { view } = await boardsHere(call);
    const { path, lint } = sheetNamed(view, call.words[1], "lint");
    return lintShown(call, path, lint);
  },
};
