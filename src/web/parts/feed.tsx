import { computed, signal } from "@preact/signals";
import type { Line } from "../store.ts";
import { lines, select, state } from "../store.ts";
import { clock } from "../words.ts";
import { Messages } from "./messages.tsx";
import { Patches } from "./patches.tsx";

const TABS = ["Ledger", "Messages", "Patches"] as const;

const tab = signal<(typeof TABS)[number]>("Ledger");
const search = signal("");
const isAll = signal(false);

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

function LedgerLine({ line }: { line: Line }) {
  const { agent } = line.event as { agent?: string };
  return (
    <li class={`fact ${line.tone}`} title={`#${line.event.seq} ${line.event.type}`}>
      <time>{clock(line.event.at)}</time>
      <span class="mark">{MARKS[line.tone]}</span>
      <span class="said">
        {agent ? (
          <button type="button" class="who" onClick={() => select(agent)}>
            {line.who}
          </button>
        ) : (
          <span class="who">{line.who}</span>
        )}{" "}
        {line.text}
      </span>
    </li>
  );
}

function Ledger() {
  if (visible.value.length === 0) {
    const why = search.value
      ? "Nothing here matches the search."
      : "Nothing has happened yet. Facts appear here as they become true.";
    return <p class="empty">{why}</p>;
  }
  return (
    <ol class="facts" aria-live="off">
      {visible.value.map((line) => (
        <LedgerLine key={line.event.seq} line={line} />
      ))}
    </ol>
  );
}

/** What happened, what was said, what was proven. */
export function Feed() {
  const of = state.value;
  const counts = {
    Ledger: 0,
    Messages: Object.keys(of?.messages ?? {}).length,
    Patches: Object.keys(of?.patches ?? {}).length,
  };
  return (
    <section class="part feed" aria-label="Ledger">
      <div class="tabs" role="tablist">
        {TABS.map((name) => (
          <button
            type="button"
            role="tab"
            key={name}
            aria-selected={tab.value === name}
            class={tab.value === name ? "on" : ""}
            onClick={() => {
              tab.value = name;
            }}
          >
            {name}
            {counts[name] > 0 && <span class="count">{counts[name]}</span>}
          </button>
        ))}
      </div>
      {tab.value !== "Patches" && (
        <div class="search">
          <input
            type="search"
            placeholder="Search"
            aria-label="Search"
            value={search.value}
            onInput={(event) => {
              search.value = event.currentTarget.value;
            }}
          />
          {tab.value === "Ledger" && (
            <label>
              <input
                type="checkbox"
                checked={isAll.value}
                onChange={(event) => {
                  isAll.value = event.currentTarget.checked;
                }}
              />
              every fact
            </label>
          )}
        </div>
      )}
      <div class="scroll">
        {tab.value === "Ledger" && <Ledger />}
        {tab.value === "Messages" && of && <Messages of={of} words={search.value.trim().toLowerCase()} />}
        {tab.value === "Patches" && of && <Patches of={of} />}
      </div>
    </section>
  );
}
