import { useComputed } from "@preact/signals";
import { lines } from "../store.ts";
import { clock } from "../words.ts";

/** Facts of what happened by itself, as `muster activity` tells them. */
const AUTOMATIC =
  /^(?:trigger\.(?:fired|skipped)|approval\.|queue\.(?:started|returned|finished)|lead\.|limit\.|mode\.)/;
const SHOWN = 60;

/** Every act that nobody asked for at that moment, newest first. */
export function ActivityPanel() {
  const acts = useComputed(() => lines.value.filter(({ event }) => AUTOMATIC.test(event.type)).slice(0, SHOWN));
  return (
    <section class="panel activity" aria-label="Activity">
      <h2>Activity</h2>
      {acts.value.length === 0 && <p class="empty">Nothing has happened by itself of late.</p>}
      <ol class="rows">
        {acts.value.map(({ event, who, text, tone }) => (
          <li key={event.seq} class={tone}>
            <time>{clock(event.at)}</time>
            <b>{who}</b> <span class="grow">{text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
