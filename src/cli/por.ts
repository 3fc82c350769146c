import type { BoardsView, BoardWritten } from "../core/boards/view.ts";
import { Refusal } from "../core/refusal.ts";
import { age, boardsHere, errorsShown, lintShown, lintWord, verbIn } from "./boards/view.ts";
import type { Call, CommandSpec } from "./command.ts";
import { requireRepository } from "./repository.ts";
import { dot, line, paint, table } from "./style.ts";
import { sheetTable } from "./subpor.ts";

const VERBS = ["show", "init", "lint", "sync"] as const;

const NO_BOARD = "muster por init makes one";

function decisions({ turns }: BoardsView): string {
  if (turns.length === 0) return paint("dim", "No decisions yet: they stand in the Decision & Pivot Log.");
  const rows = turns.map(({ date, text, refs, source }) => [
    line(date),
    paint("dim", source),
    refs.length > 0 ? line(refs.join(" ")) : paint("yellow", "no ref"),
    line(text),
  ]);
  return table([["DECIDED", "WHERE", "REFS", "WHAT"].map((title) => paint("dim", title)), ...rows]);
}

function shown(view: BoardsView): string {
  const { por, sheets, errors, at } = view;
  const head = por
    ? `${paint("bold", por.path)} ${dot} changed ${age(por.updatedAt, at)} ago ${dot} ${lintWord(por.lint)}`
    : `${paint("yellow", "No board")} in ${view.folder}: ${NO_BOARD}`;
  const mend = por && por.lint.length > 0 ? `\n${por.lint.map((one) => `  ${line(one)}`).join("\n")}` : "";
  const list =
    sheets.length > 0 ? sheetTable(sheets, at) : paint("dim", 'No SUBPOR yet: muster subpor new --title "..."');
  return `${[`${head}${mend}`, list, decisions(view)].join("\n\n")}${errors.length > 0 ? `\n${errorsShown(errors)}` : ""}`;
}

async function write({ cwd, daemon, isJson, print }: Call, verb: "init" | "sync"): Promise<number> {
  const repo = requireRepository(cwd);
  const done = await (await daemon()).post<BoardWritten>(`/api/boards/${verb}`, { repo });
  const { path, changed, todo, isNew } = done;
  if (isJson) print(JSON.stringify(done, null, 1));
  else if (verb === "init") print(`${isNew ? paint("green", "created") : paint("dim", "kept")}  ${path}`);
  else {
    const head = changed.length > 0 ? `${paint("green", "filled")}  ${path}` : `${paint("dim", "as it was")}  ${path}`;
    const rows = changed.map((row) => `  ${line(row)}`);
    const left = todo.map((one) => `  ${paint("yellow", "to do")}  ${line(one)}`);
    print([head, ...rows, ...left].join("\n"));
  }
  return 0;
}

export const command: CommandSpec = {
  name: "por",
  usage: "por [show|init|lint|sync]",
  summary:
    "The strategic board (POR.md) of this repository: shows its state, its SUBPORs and recent decisions; init lays it out; lint lists what misses (exit 1); sync fills the rows of its portfolio from the SUBPORs and changes nothing else.",
  examples: ["muster por", "muster por sync", "muster por lint --json"],
  flags: {},
  takes: [0, 1],
  async run(call) {
    const verb = verbIn("por", call.words[0] ?? "show", VERBS);
    if (verb === "init" || verb === "sync") return write(call, verb);
    const { view } = await boardsHere(call);
    if (verb === "lint") {
      if (!view.por) throw new Refusal("missing", `there is no ${view.folder}/POR.md`, NO_BOARD);
      return lintShown(call, view.por.path, view.por.lint);
    }
    call.print(call.isJson ? JSON.stringify(view, null, 1) : shown(view));
    return 0;
  },
};
