import type { Event } from "../facts.ts";
import { SYSTEM, USER } from "../ids.ts";
import { withoutFence } from "../letter/form.ts";
import { nameOf } from "../saying.ts";
import { addressName, type State, type Team } from "../state.ts";
import { teamOf } from "../subject.ts";
import { preview } from "../text.ts";
import type { ChatPlace, Lane } from "./facts.ts";
import type { Button } from "./port.ts";

/** What one fact has to say in a chat. */
export interface ChatItem {
  seq: number;
  at: number;
  lane: Lane;
  text: string;
  buttons?: Button[];
  /** The decision whose card this is, or changes. */
  card?: string;
  /** Only where its card can be changed: the user is told besides. */
  isChange?: true;
}

/** What the making of an item asks for. */
export interface Telling {
  state: State;
  team: Team;
  /** The body of the fact with this number. */
  body(seq: number): string;
}

const time = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** `rfd:<id>:…`, which comes back when somebody presses it. */
const BUTTONS = (rfd: string): Button[] => [
  { label: "Approve", data: `rfd:${rfd}:approve` },
  { label: "Reject", data: `rfd:${rfd}:reject` },
  { label: "Ask More", data: `rfd:${rfd}:askmore` },
];

/** A letter as people read it: without its tags and its fence. */
function letterText(body: string): string {
  const bare = body.replace(/^\s*<TO_(USER|PEER)>[ \t]*\n?/, "").replace(/\n?[ \t]*<\/TO_(USER|PEER)>/, "");
  return withoutFence(bare).trim();
}

function messageItem(event: Event<"message.queued">, { state, body }: Telling): ChatItem | undefined {
  const { seq, at, from, to, kind } = event;
  if (to === USER) {
    const text = letterText(body(seq));
    // A request has its own card, and what the System passes on says whose it is.
    if (from === SYSTEM && CARD_ASKED.test(text)) return undefined;
    const isSigned = from === SYSTEM && text.startsWith("[");
    return { seq, at, lane: "news", text: isSigned ? text : `[${nameOf(state, from)}] ${text}` };
  }
  const isTalk = kind === "letter" && state.agents[from] !== undefined && state.agents[to] !== undefined;
  if (!isTalk) return undefined;
  const line = preview(letterText(body(seq)), 300);
  return { seq, at, lane: "talk", text: `[${addressName(state, from)}→${addressName(state, to)}] ${line}` };
}

function cardItem({ seq, at, rfd, title, tasks, patch }: Event<"rfd.opened">): ChatItem {
  const lines = [`A decision is asked for: ${rfd}`, title, ...tasks.map((task) => `- ${task}`)];
  if (patch) lines.push(`It is about patch ${patch}.`);
  return { seq, at, lane: "news", text: lines.join("\n"), buttons: BUTTONS(rfd), card: rfd };
}

function decidedItem(event: Event<"rfd.decided">, { state }: Telling): ChatItem {
  const { seq, rfd, decision, decider, channel, at } = event;
  const words = { approve: "approved", reject: "rejected", expired: "expired undecided" }[decision];
  const who = decision === "expired" ? "" : ` by ${decider === USER ? USER : addressName(state, decider)}`;
  const text = `${rfd}: ${state.rfds[rfd]?.title ?? ""}\n${words}${who} at ${time(at)}${channel ? ` (${channel})` : ""}`;
  return { seq, at, lane: "news", text, card: rfd, isChange: true };
}

/** How a letter ends that asks the user for a decision. */
const CARD_ASKED = /\n\/rfd \S+ approve, reject or ask$/;

/**
 * What this fact has to say to the chats of a team; undefined = nothing. Results of patches, notices and whatever else the
 * user is told come as letters to the user.
 */
export function itemOf(event: Event, telling: Telling): ChatItem | undefined {
  const { state, team } = telling;
  if (teamOf(event, state) !== team.name) return undefined;
  if (event.type === "message.queued") return messageItem(event as Event<"message.queued">, telling);
  if (event.type === "rfd.opened") return cardItem(event as Event<"rfd.opened">);
  if (event.type === "rfd.decided") return decidedItem(event as Event<"rfd.decided">, telling);
  return undefined;
}

/** The answer to somebody in this very chat. */
export function replyItem(event: Event, place: ChatPlace, body: (seq: number) => string): ChatItem | undefined {
  if (event.type !== "bridge.replied") return undefined;
  const { repo, platform, chat, seq, at } = event as Event<"bridge.replied">;
  const isHere = repo === place.repo && platform === place.platform && chat === place.chat;
  return isHere ? { seq, at, lane: "reply", text: body(seq) } : undefined;
}

/** Items of peers' talk as one message. */
export function gathered(items: ChatItem[]): ChatItem | undefined {
  const last = items.at(-1);
  return last && { seq: last.seq, at: last.at, lane: "talk", text: items.map(({ text }) => text).join("\n") };
}
