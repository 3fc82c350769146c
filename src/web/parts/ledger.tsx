import { computed, signal } from "@preact/signals";
import { select } from "../choice.ts";
import type { Line } from "../store.ts";
import { lines } from "../store.ts";
import { clock, day } from "../words.ts";

export const search = signal("");
export const isAll = signal(false);

/** Lines drawn at once; searching finds older ones. */
const DRAWN = 250;

const matches = (line: Line, words: string): boolean =>
  `${line.who} ${line.text} ${line.event.type}`.toLowerCase().includes(words);

const visible = computed(() => {
  const words = search.value.trim().toLowerCase();
  const wanted = lines.value.filter((line) => (isAll.value || line.tone !== "quiet") && matches(line, words));
  return wanted.slice(0, DRAWN);
});

const MARKS = { good: "✓", bad: "✕", warn: "!", plain: "", quiet: "" };

/** A letter's line says first to whom it goes. */
const addressed = ({ text }: Line): { to: string; text: string } => {
  const [, to = "", said = text] = /^(→ [^:]+): (.*)$/s.exec(text) ?? [];
  return { to, text: said };
};

function Fact({ line }: { line: Line }) {
  const { agent } = line.event as { agent?: string };
  const { to, text } = addressed(line);
  const who = to ? `${line.who} ${to}` : line.who;
  return (
    <li class={`fact ${line.tone} ${to ? "letter-line" : ""}`} title={`#${line.event.seq} ${line.event.type}`}>
      <time>{clock(line.event.at)}</time>
      <span class="mark">{MARKS[line.tone]}</span>
      <span class="said">
        {agent ? (
          <button type="button" class="who" onClick={() => select(agent)}>
            {who}
          </button>
        ) : (
          <span class="who">{who}</span>
        )}{" "}
        {text}
      </span>
    </li>
  );
}

/** What happened, newest first; each earlier day is named once. */
export function Ledger() {
  if (visible.value.length === 0) {
    const why = search.value
      ? "Nothing here matches the search."
      : "Nothing has happened yet. Facts appear here as they become true.";
    return <p class="empty">{why}</p>;
  }
  let last = day(Date.now());
  return (
    <ol class="facts" aria-live="off">
      {visible.value.map((line) => {
        const own = day(line.event.at);
        const isOther = own !== last;
        last = own;
        return [
          isOther && (
            <li class="day" key={own}>
              {own}
            </li>
          ),
          <Fact key={line.event.seq} line={line} />,
        ];
      })}
    </ol>
  );
}
