import { missingSignatures } from "../../core/decide-team.ts";
import type { Millis } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Rfd } from "../../core/rfd/state.ts";
import { addressName, isOpen, type Message, type Patch, type State, type Team } from "../../core/state.ts";
import { span } from "../../core/team-status.ts";
import { why, whyAspect } from "../../core/why.ts";
import type { Moment } from "../../core/why-beats.ts";
import { agentNamed } from "../agent-named.ts";

/** Letters of an answer that a person still reads. */
const MOST = 30;

function listed(lines: string[], nothing: string): string[] {
  if (lines.length === 0) return [nothing];
  return lines.length > MOST ? [...lines.slice(0, MOST), `and ${lines.length - MOST} more`] : lines;
}

function messageLine(state: State, { mid, from, to, held, reason, preview }: Message): string {
  const why = held ? `held (${held.rule}): ${held.reason}` : reason || "waits its turn";
  return `${mid}  ${addressName(state, from)} to ${addressName(state, to)}: ${preview}  [${why}]`;
}

const patchLine = ({ id, title, reason, steps }: Patch): string =>
  `${id}  "${title}"  [${reason ?? (steps.length > 0 ? `${steps.at(-1)?.step} done` : "waits its turn")}]`;

/** What is on its way: letters that are not delivered, and patches that are not decided. */
export function queueLines(state: State, team: Team): string[] {
  const letters = Object.values(state.messages).filter((message) => message.team === team.name && isOpen(message));
  const patches = Object.values(state.patches).filter((patch) => patch.team === team.name && patch.state === "queued");
  const lines = [...letters.map((message) => messageLine(state, message)), ...patches.map(patchLine)];
  return listed(lines, "nothing waits");
}

export function lockLines(state: State, team: Team, now: Millis): string[] {
  const held = team.locks.filter(({ until }) => until > now);
  const lines = held.map(
    ({ agent, files, until, mid }) =>
      `${addressName(state, agent)}  ${files.join(" ")}  another ${span(until - now)}  (${mid})`,
  );
  return listed(lines, "nobody claims a file");
}

/** Who must still sign a request. */
export const missingNames = (state: State, rfd: Rfd): string =>
  missingSignatures(state, rfd)
    .map((who) => addressName(state, who))
    .join(", ");

const rfdLine = (state: State, rfd: Rfd): string => `${rfd.id}  ${rfd.title}  [waits for ${missingNames(state, rfd)}]`;

/** Requests that nobody has decided. */
export function rfdLines(state: State, team: Team): string[] {
  const open = Object.values(state.rfds).filter((rfd) => rfd.team === team.name && !rfd.decided);
  return listed(
    open.map((rfd) => rfdLine(state, rfd)),
    "nothing is to be decided",
  );
}

/** What a word names: an id as it is, a seat of the team, or the beginning of an id. */
function idOf(state: State, { seats }: Team, given: string): string {
  const { messages, patches, jobs, teams } = state;
  if ([messages, patches, jobs, teams].some((table) => Object.hasOwn(table, given))) return given;
  const seat = seats.find((one) => one.seat.toLowerCase() === given.toLowerCase());
  if (seat) return seat.agent;
  const tables = [messages, patches];
  const begun = tables.flatMap((table) => Object.keys(table)).filter((id) => given.length >= 4 && id.startsWith(given));
  const [only, ...others] = begun;
  if (only && others.length === 0) return only;
  if (only) throw new Refusal("usage", `${given} is ambiguous`, `it could be ${begun.slice(0, 5).join(", ")}`);
  try {
    return agentNamed(state, given).hire.agent;
  } catch (error) {
    if (error instanceof Refusal && error.code === "missing") return given;
    throw error;
  }
}

/** Why something is as it is, in lines; `word` = one beat of a member, or a team's Foreman. */
export function whyLines(state: State, team: Team, [given = "", word]: string[], moment: Moment): string[] {
  // The Foreman has no id: it is the team's.
  const isForeman = word === undefined && given.toLowerCase() === "foreman";
  const id = isForeman ? team.name : idOf(state, team, given);
  const aspect = isForeman ? "foreman" : word?.toLowerCase();
  const found = aspect === undefined ? why(state, id, [], moment) : whyAspect(state, id, aspect, moment);
  if (!found)
    throw new Refusal("missing", `nothing is called ${given}`, "an id of a message, patch, agent, job or team");
  const { what, state: is, rule, because, change, parts } = found;
  const more = parts.map(({ name, text }) => `${name}: ${text}`);
  return [`${what} is ${is}`, `because ${because}`, `rule: ${rule}`, ...more, `changes with: ${change}`];
}
