import type { Client } from "../../client/client.ts";
import { isOpen, type Message, type State } from "../../core/state.ts";
import { line } from "../style.ts";

/** A message that is on its way says so within this time, or why it is not. */
const PATIENCE_MS = 3000;

/** Reasons of a moment: it is being typed. */
const isMoment = ({ state }: Message, reason: string): boolean => state === "typing" || reason === "";
const BUSY = "the agent is busy";

/** Why a message waits: its own reason, or that of the one whose turn comes before. */
function reasonOf({ messages, agents }: State, message: Message): string {
  if (message.reason !== "") return message.reason;
  if (message.state === "queued" && !message.urgent && agents[message.to]?.activity === "busy") return BUSY;
  const before = Object.values(messages).find(({ to, seq, reason, ...other }) => {
    return to === message.to && seq < message.seq && reason !== "" && other.state === "queued";
  });
  return before?.reason ?? "";
}

/** What becomes of a message at once: delivered, or queued and why. */
export async function firstWord(client: Client, mid: string): Promise<Pick<Message, "state" | "reason">> {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), PATIENCE_MS);
  let last: Pick<Message, "state" | "reason"> = { state: "queued", reason: "" };
  try {
    for await (const { state } of client.follow(ending.signal)) {
      const message = state.messages[mid];
      if (!message) break;
      const reason = isOpen(message) ? reasonOf(state, message) : message.reason;
      last = { state: isOpen(message) ? "queued" : message.state, reason };
      if (!isOpen(message) || !isMoment(message, reason)) break;
    }
  } finally {
    clearTimeout(timer);
    ending.abort();
  }
  return last;
}

/** `queued (busy)`: as short as the reason allows. */
const whyQueued = (reason: string): string => (reason === BUSY ? "busy" : line(reason));

/** What a person is told of a message. */
export function spoken(mid: string, state: Message["state"], reason: string): string {
  if (state === "queued") return `queued${reason ? ` (${whyQueued(reason)})` : ""} ${mid}`;
  return `${state} ${mid}${reason ? `: ${line(reason)}` : ""}`;
}
