import { nudge } from "../../core/cadence/inbox.ts";
import { settingsOf } from "../../core/cadence/state.ts";
import { type Command, observe } from "../../core/commands.ts";
import type { Event } from "../../core/facts.ts";
import { type AgentId, midBecause, SYSTEM, USER } from "../../core/ids.ts";
import { type ParsedLetter, parseLetter } from "../../core/letter/parse.ts";
import { addressName, type Message, type State } from "../../core/state.ts";
import type { Rule } from "../engine.ts";
import type { Performed, Reactor } from "../reactor.ts";
import { tell } from "../telling.ts";

type Ack = ParsedLetter["acks"][number];

/** The message to this agent which it names by its id or, unless the settings want ids, by its number in the inbox. */
function messageNamed(state: State, agent: AgentId, name: string): Message | undefined {
  const known = state.messages[name];
  if (known?.to === agent) return known;
  const { team } = state.agents[agent]?.hire ?? {};
  if (!/^\d{1,9}$/.test(name) || settingsOf(state, team).cli_profiles.delivery.ack_require_mid) return undefined;
  return Object.values(state.messages).find(({ to, number }) => to === agent && number === Number(name));
}

/** What an agent says it has read, or gives back. It speaks for its own messages only. */
export function acknowledge(state: State, agent: AgentId, acks: Ack[]): Command[] {
  return acks.flatMap(({ mid: name, isNack, reason }) => {
    const message = messageNamed(state, agent, name);
    if (!message) return [];
    const { mid } = message;
    return [observe(isNack ? { type: "message.nacked", mid, reason } : { type: "message.read", mid })];
  });
}

function onLetter(state: State, event: Event<"message.queued">): Command[] {
  if (event.kind !== "letter" || !state.agents[event.from]) return [];
  const said = acknowledge(state, event.from, parseLetter(event.body).acks);
  const { soft_ack_on_mailbox_activity: isSoft } = settingsOf(state, event.team).cli_profiles.delivery;
  if (!isSoft) return said;
  const unread = Object.values(state.messages).filter(
    ({ to, state: is, isRead }) => to === event.from && is === "delivered" && !isRead,
  );
  return [...said, ...unread.map(({ mid }) => observe({ type: "message.read", mid }))];
}

/** The last words of a turn may be an acknowledgement, as a line of their own. */
const onTurn = (state: State, { agent, summary }: Event<"turn.ended">): Command[] =>
  acknowledge(state, agent, parseLetter(summary).acks);

/** A letter whose file its reader opened is read, wherever the file lies afterwards. */
function onRead(state: State, { agent, reads = "" }: Event<"hook.heard">): Command[] {
  const opened = Object.values(state.messages).filter(
    // It reads what was just typed to it before anybody saw that it arrived.
    ({ to, path, isRead, attempt }) => to === agent && attempt > 0 && !isRead && isNamed(reads, path),
  );
  return opened.map(({ mid }) => observe({ type: "message.read", mid }));
}

/** Is it this file, or a command that names it? */
const isNamed = (reads: string, path: string | undefined): boolean => path !== undefined && reads.includes(path);

/** Its sender learns that a message was given back; the first time it comes again. */
function onNack(state: State, event: Event<"message.nacked">): Command[] {
  const { mid, reason } = event;
  const message = state.messages[mid];
  if (!message || message.from === SYSTEM) return [];
  const name = addressName(state, message.to);
  const again = message.nacks === 1 ? " It lies in the inbox again." : " It is not brought again.";
  const text = `${name} gave back message ${mid}: ${reason || "no reason"}.${again}`;
  if (message.from === USER) return [observe({ type: "notice.raised", level: "warning", text, about: message.to })];
  return state.agents[message.from]?.dismissed ? [] : tell(event, message.team, [message.from], text);
}

/** A file that somebody put into an inbox is named to whoever reads there (P30). */
function onFound(state: State, { team: name, seat, file, at, seq }: Event<"letter.found">): Command[] {
  const team = state.teams[name];
  const agent = team?.seats.find((one) => one.seat === seat)?.agent;
  if (!team || team.stopped || !agent || state.agents[agent]?.dismissed) return [];
  const text = `A file lies in your inbox that came through no letter: ${file}. Read it, then move it to processed/.`;
  return [
    { do: "send", letter: { mid: midBecause(at, seq, 0), from: SYSTEM, to: agent, kind: "nudge", text, team: name } },
  ];
}

/** What letters and turns acknowledge, and what follows from it. */
export const ackRules: Rule[] = [
  (state, event) => {
    if (event.type === "message.queued") return onLetter(state, event);
    if (event.type === "turn.ended") return onTurn(state, event);
    if (event.type === "hook.heard") return event.reads === undefined ? [] : onRead(state, event);
    if (event.type === "message.nacked") return onNack(state, event);
    return event.type === "letter.found" ? onFound(state, event) : [];
  },
];

export interface RestoreWorld {
  state(): State;
  /** Puts its file into the inbox again. Repeating it is harmless. */
  restore(message: Message): Promise<void>;
}

/** Brings a message that was given back once more: its file, and a nudge that names it. */
export class RestoreReactor implements Reactor<Message> {
  readonly name = "restore";

  constructor(private readonly world: RestoreWorld) {}

  pending(state: State): Map<string, Message> {
    const given = Object.values(state.messages).filter(({ nacks, isRestored }) => nacks === 1 && !isRestored);
    return new Map(given.map((message) => [message.mid, message]));
  }

  async perform({ mid }: Message): Promise<Performed> {
    const state = this.world.state();
    const message = state.messages[mid];
    const team = message ? state.teams[message.team ?? ""] : undefined;
    if (!message || message.isRestored) return {};
    await this.world.restore(message);
    const restored = observe({ type: "message.restored", mid });
    if (!team || team.stopped || state.agents[message.to]?.dismissed) return { commands: [restored] };
    const at = message.deliveredAt ?? message.at;
    const again = { team, agent: message.to, at, mid: `${mid}-again`, waiting: [message] };
    return { commands: [restored, nudge(again)] };
  }
}
