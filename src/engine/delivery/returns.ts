import { type Command, observe } from "../../core/commands.ts";
import type { Event } from "../../core/facts.ts";
import { SYSTEM, USER } from "../../core/ids.ts";
import { isKept } from "../../core/living.ts";
import { addressName, isAlive, type Message, type State } from "../../core/state.ts";
import type { Rule } from "../engine.ts";
import { tell } from "../telling.ts";

type End = Event<"message.died" | "message.uncertain">;

function textOf(state: State, message: Message, { type, reason }: End): string {
  const to = addressName(state, message.to);
  const how = type === "message.died" ? "was not delivered" : "may not have arrived";
  return `Message ${message.mid} to ${to} ${how}: ${reason}. It began: ${message.preview}`;
}

/** A person who ended the agent, or sees its job fail, needs no further word. */
function tellPerson(state: State, message: Message, text: string): Command[] {
  const agent = state.agents[message.to];
  const isKnown = agent?.dismissed !== undefined || (message.kind === "prompt" && agent && !isAlive(agent));
  return isKnown ? [] : [observe({ type: "notice.raised", level: "warning", text, about: message.to })];
}

/** Whoever sent a message learns that it will not arrive. What Muster wrote itself has no sender: returns never return. */
export const returnRule: Rule = (state, event) => {
  if (event.type !== "message.died" && event.type !== "message.uncertain") return [];
  const message = state.messages[event.mid];
  if (!message || message.from === SYSTEM) return [];
  const text = textOf(state, message, event);
  if (message.from === USER) return tellPerson(state, message, text);
  const sender = state.agents[message.from];
  if (!sender || sender.dismissed || (!isKept(sender) && !isAlive(sender))) return [];
  return tell(event, sender.hire.team, [message.from], text);
};
