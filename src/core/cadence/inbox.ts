import type { Command } from "../commands.ts";
import { auxActor } from "../errands/roles.ts";
import { type AgentId, type Mid, type Millis, SYSTEM } from "../ids.ts";
import { mailboxOf } from "../letter/place.ts";
import { isOpen, type Message, type State, type Team } from "../state.ts";
import { nudgeText } from "./texts.ts";

/** What an agent has before it. */
export interface Backlog {
  /** Not delivered yet, and not held: oldest first. */
  open: Message[];
  /** Delivered by the name of their file, and not put away: oldest first. */
  unread: Message[];
}

export function backlogOf(state: State, agent: AgentId): Backlog {
  const own = Object.values(state.messages).filter(({ to, kind }) => to === agent && kind !== "nudge");
  own.sort((left, right) => left.number - right.number);
  return {
    open: own.filter((message) => isOpen(message) && !message.held),
    unread: own.filter(({ state, isRead, path }) => state === "delivered" && !isRead && path !== undefined),
  };
}

/** Is anything on its way to this agent, or waiting for it? */
export const isAwaited = (state: State, agent: AgentId): boolean =>
  Object.values(state.messages).some((message) => message.to === agent && isOpen(message) && !message.held);

const seatOf = (team: Team, agent: AgentId): string => team.seats.find((seat) => seat.agent === agent)?.seat ?? "PeerA";

/** The user's own words behind each nudge of a seat, and that there is a helper (3.12). */
function suffixOf(team: Team, seat: string): string {
  const { roles } = team.settings.cli_profiles;
  const own = (seat === "PeerB" ? roles.peerB : roles.peerA).nudge_suffix;
  const aux = auxActor(team.settings) === null ? "" : 'Aux is on: muster aux "PROMPT".';
  return [own, aux].filter(Boolean).join(" ");
}

interface NudgeOrder {
  team: Team;
  agent: AgentId;
  at: Millis;
  mid: Mid;
  /** What waits, oldest first; not empty. */
  waiting: Message[];
  /** The nudge delivers these: they are not typed one by one. */
  covers?: Mid[];
}

/** A nudge: one typed line for everything that waits in an inbox. */
export function nudge({ team, agent, at, mid, waiting, covers }: NudgeOrder): Command {
  const seat = seatOf(team, agent);
  const box = mailboxOf(team.repo, seat);
  const [only] = waiting;
  const trigger = waiting.length === 1 && only ? { trigger: only.number, preview: only.preview } : {};
  const places = { inbox: `${box}/inbox`, processed: `${box}/processed` };
  const text = nudgeText(places, at, { count: waiting.length, ...trigger }, suffixOf(team, seat));
  return { do: "send", letter: { mid, from: SYSTEM, to: agent, kind: "nudge", text, team: team.name, covers } };
}
