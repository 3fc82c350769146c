import { VALID_MARKERS } from "../../core/boards/markers.ts";
import { drift } from "../../core/boards/scope.ts";
import { type Command, observe } from "../../core/commands.ts";
import type { Event, FactType } from "../../core/facts.ts";
import { type Address, USER } from "../../core/ids.ts";
import type { State, Team } from "../../core/state.ts";
import type { Rule } from "../engine.ts";
import { membersOf, tell } from "../telling.ts";

/** COUNTERs that a plan may get before it begins (P75). */
const COUNTERS = 2;

type Level = "info" | "warning";

const notice = (level: Level, text: string, about: string): Command =>
  observe({ type: "notice.raised", level, text, about });

/** A person is told, wherever they read: in the ledger and as a message (P77). */
const announce = (event: Event, team: Team, text: string): Command[] => [
  notice("info", text, team.name),
  ...tell(event, team.name, [USER], text),
];

/** Who plans: the first seat. Who reviews: the other one; alone, the same. Nobody, where they work no more. */
const planner = (state: State, { name, seats }: Team): Address[] =>
  membersOf(state, name).filter((member) => member === seats[0]?.agent);
const reviewer = (state: State, { name }: Team): Address[] => membersOf(state, name).slice(-1);

type Answer<T extends FactType> = (state: State, event: Event<T>, team: Team) => Command[];

const planned: Answer<"task.seen"> = (state, event, team) => {
  const { task, isNew } = event;
  if (!isNew) return [];
  const text = `Plan made: ${task.id} ${task.name}, ${task.steps.length} steps (${task.path})`;
  const said = announce(event, team, text);
  if (task.status !== "planned") return said;
  const isAlone = team.seats.length === 1;
  const words = isAlone
    ? `Review your plan ${task.path} yourself (order, risks, what each step proves), then begin: progress: ${task.id} start`
    : `Review the plan ${task.path} (${task.id} ${task.name}): at most ${COUNTERS} COUNTERs within 10 minutes, or ACK; then PeerA begins.`;
  return [...said, ...tell(event, team.name, reviewer(state, team), words, 1)];
};

const moved: Answer<"task.moved"> = (state, event, team) => {
  const { tasks = {} } = state.boards[team.name] ?? {};
  const name = tasks[event.id]?.name ?? "";
  if (event.action === "blocked") {
    return [notice("warning", `${event.id}.${event.step} ${name} is blocked: ${event.reason}`, team.name)];
  }
  if (event.became !== "complete") return [];
  const all = Object.values(tasks);
  const isAll = all.every(({ status }) => status === "complete");
  const said = announce(event, team, `Task complete: ${event.id} ${name}`);
  return isAll ? [...said, observe({ type: "plan.completed", team: team.name, tasks: all.length })] : said;
};

const completed: Answer<"plan.completed"> = (_, event, team) =>
  announce(event, team, `All complete: ${event.tasks} ${event.tasks === 1 ? "task" : "tasks"}`);

const refused: Answer<"task.refused"> = (_, event, team) =>
  tell(event, team.name, [event.author], `Marker not taken: ${event.text}: ${event.reason}\n${VALID_MARKERS}`);

/** What is wrong with a file is said to who writes it: plans are the planner's, sheets the reviewer's (P71, P75). */
const broken: Answer<"board.broken"> = (state, event, team) => {
  const isPlan = event.path.endsWith("/task.yaml");
  const author = isPlan ? planner(state, team) : reviewer(state, team);
  return [
    ...tell(event, team.name, author, `${event.error}\nWhat was read of it last stands until it is mended.`),
    notice("warning", event.error, team.name),
  ];
};

const restored: Answer<"task.restored"> = (state, event, team) => {
  const text = `Status fields of ${event.path} are Muster's; an edit was put back. Move the plan by a marker: progress: ${event.id}.S1 done`;
  return [notice("warning", text, team.name), ...tell(event, team.name, membersOf(state, team.name), text)];
};

const countered: Answer<"task.countered"> = (state, event, team) => {
  const { counters = 0 } = state.boards[team.name]?.tasks[event.id] ?? {};
  const reason = `${COUNTERS} COUNTERs were made`;
  return counters < COUNTERS ? [] : [observe({ type: "task.reviewed", team: team.name, id: event.id, reason })];
};

const reviewed: Answer<"task.reviewed"> = (state, event, team) => {
  const text = `The review of ${event.id} is over: ${event.reason}. Decide, and begin: progress: ${event.id} start`;
  return tell(event, team.name, planner(state, team), text);
};

const scoped: Answer<"scope.changed"> = (state, event, team) => {
  if (event.isEdited) {
    const text =
      "scope.yaml is kept by Muster; the edit was computed again from the plans. To change the scope, add or remove plans.";
    return [notice("warning", text, team.name), ...tell(event, team.name, membersOf(state, team.name), text)];
  }
  const change = drift(event);
  return change === "" ? [] : [notice("info", `Scope changed: ${change}`, team.name)];
};

const opened: Answer<"subpor.seen"> = (state, event, team) => {
  if (!event.isNew || event.isAgreed || team.seats.length < 2) return [];
  const text = `${event.sheet.id} ${event.sheet.title} (${event.sheet.path}) came without PeerA's ACK. A new SUBPOR is proposed by PeerB, acknowledged by PeerA (a letter that begins with ACK), then written.`;
  return [notice("warning", text, team.name), ...tell(event, team.name, membersOf(state, team.name), text)];
};

const ANSWERS: { [T in FactType]?: Answer<T> } = {
  "task.seen": planned,
  "task.moved": moved,
  "task.refused": refused,
  "task.restored": restored,
  "task.countered": countered,
  "task.reviewed": reviewed,
  "plan.completed": completed,
  "board.broken": broken,
  "scope.changed": scoped,
  "subpor.seen": opened,
};

/** What people and peers are told about boards and plans. */
export const boardNoticeRule: Rule = (state, event) => {
  const answer = ANSWERS[event.type] as Answer<FactType> | undefined;
  const team = answer && state.teams[(event as { team?: string }).team ?? ""];
  return answer && team && !team.stopped ? answer(state, event, team) : [];
};
