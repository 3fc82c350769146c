import { nameOf, plain, quiet, type Say, type Sayings } from "../saying.ts";
import type { BoardFact } from "./facts.ts";
import { drift, type Scope } from "./scope.ts";

type FactOf<T extends BoardFact["type"]> = Extract<BoardFact, { type: T }>;

type Said = ReturnType<Say<BoardFact["type"]>>;

const about = (said: Said, who: string): Said => ({ ...said, who });
const warn = (text: string): Said => ({ tone: "warn", text });

const lintWords = (lint: string[]): string =>
  lint.length === 0 ? "in order" : lint.length === 1 ? "1 thing misses" : `${lint.length} things miss`;
const moving = { start: "began", done: "done", promoted: "promoted to a plan", in_progress: "in progress" };

function movedWords({ action, reason, became, step }: FactOf<"task.moved">): Said {
  if (action === "blocked") return warn(`blocked: ${reason}`);
  const word = moving[action];
  const more = became === undefined || step === undefined ? "" : `; the task is ${became}`;
  return { tone: became === "complete" ? "good" : "plain", text: `${word}${more}` };
}

const scopeWords = (scope: Scope): string => {
  const change = drift(scope);
  return `scope: ${scope.current.join(" ") || "nothing"}${change ? ` (${change})` : ""}`;
};

/** One line for people about each fact of the boards. */
export const BOARD_SAYINGS: Sayings<BoardFact["type"]> = {
  "board.seen": ({ por }) => about(quiet(por ? `board ${por.path}: ${lintWords(por.lint)}` : "no board"), "POR"),
  "board.broken": ({ error }) => about(warn(error), "boards"),
  "board.mended": ({ path }) => about(quiet(`${path} can be read again`), "boards"),
  "subpor.seen": ({ sheet, isNew }) =>
    about((isNew ? plain : quiet)(`${sheet.title}: ${sheet.stage || "no stage"}, ${lintWords(sheet.lint)}`), sheet.id),
  "subpor.gone": ({ id }) => about(quiet("its SUBPOR is gone"), id),
  "subpor.opened": ({ id, title, owner }) => about(plain(`SUBPOR for ${owner}: ${title}`), id),
  "subpor.acked": () => quiet("PeerA agreed to a SUBPOR"),
  "task.seen": ({ task, isNew }) =>
    about(
      isNew ? plain(`planned: ${task.name}, ${task.steps.length} steps`) : quiet(`${task.name}: ${task.status}`),
      task.id,
    ),
  "task.gone": ({ id }) => about(plain("its plan is gone"), id),
  "task.marked": ({ author, text }, state) => about(quiet(text), nameOf(state, author)),
  "task.moved": (event) => about(movedWords(event), event.step ? `${event.id}.${event.step}` : event.id),
  "task.refused": ({ author, text, reason }, state) =>
    about(warn(`marker not taken: ${text}: ${reason}`), nameOf(state, author)),
  "task.restored": ({ id, path }) => about(warn(`status fields of ${path} were put back`), id),
  "task.countered": ({ id }) => about(plain("COUNTER to its plan"), id),
  "task.reviewed": ({ id, reason }) => about(plain(`review over: ${reason}`), id),
  "task.waived": ({ what }) => plain(`quick task, no plan: ${what}`),
  "plan.completed": ({ tasks }) => ({ tone: "good", text: `all ${tasks} tasks are complete` }),
  "scope.changed": (event) =>
    event.isEdited ? warn(`scope.yaml was edited; ${scopeWords(event)}`) : plain(scopeWords(event)),
};
