import type { Event } from "../../core/facts.ts";
import { sentence } from "../../core/sentence.ts";
import type { Agent, State } from "../../core/state.ts";
import { lines } from "../store.ts";
import { clock } from "../words.ts";
import { useAsked } from "./asked.ts";

const SHOWN = 300;

/** What happened with this agent, newest first, also long ago. */
export function Events({ of, agent }: { of: State; agent: Agent }) {
  const { agent: id } = agent.hire;
  const newest = lines.value.find(({ event }) => (event as { agent?: string }).agent === id)?.event.seq ?? 0;
  const asked = useAsked<{ facts: Event[] }>(`/api/ledger?about=${encodeURIComponent(id)}&limit=${SHOWN}`, newest);
  const found = asked.value;
  if (!found) return null;
  if ("refusal" in found) return <p class="empty">{found.refusal}</p>;
  const facts = found.answer.facts.toSorted((a, b) => b.seq - a.seq);
  return (
    <ol class="rows events">
      {facts.map((event) => {
        const { text, tone } = sentence(event, of);
        return (
          <li key={event.seq} class={tone} title={`#${event.seq} ${event.type}`}>
            <time>{clock(event.at)}</time> <span class="grow">{text}</span>
          </li>
        );
      })}
    </ol>
  );
}
