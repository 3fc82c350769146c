import { signal, useComputed } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Event } from "../../core/facts.ts";
import { sentence } from "../../core/sentence.ts";
import { select } from "../choice.ts";
import { LongList } from "../parts/long-list.tsx";
import { api, type Line, lines, state } from "../store.ts";
import { agentName, clock } from "../words.ts";

/** What each filter lets through; `All` leaves out only what the ledger keeps for machines. */
const FILTERS: Record<string, (line: Line) => boolean> = {
  All: ({ tone }) => tone !== "quiet",
  Tools: ({ event }) => /^(?:hook|permission|errand|control)\./.test(event.type),
  Lifecycle: ({ event, tone }) =>
    /^(?:agent|job|terminal|team|lead|queue|limit|trigger|mode|approval|daemon)\./.test(event.type) && tone !== "quiet",
  Letters: ({ event }) => event.type === "message.queued" || event.type === "message.delivered",
  Errors: ({ tone }) => tone === "bad",
  Everything: () => true,
};

/** Kept in this tab; the ledger has all. */
const KEPT = 60_000;
const PAGE = 1000;
const ROW = 28;

/** Older than what the page got by itself, newest first. */
const older = signal<Line[]>([]);
const isAtBeginning = signal(false);
const filter = signal("All");
const words = signal("");
const about = signal("");

let isLoading = false;

/** Reads the facts before the oldest that is known. */
async function loadMore(): Promise<void> {
  const of = state.value;
  const oldest = (older.value.at(-1) ?? lines.value.at(-1))?.event.seq;
  if (!of || oldest === undefined || isLoading || isAtBeginning.value || older.value.length > KEPT) return;
  isLoading = true;
  try {
    const after = Math.max(0, oldest - 1 - PAGE);
    const { facts } = await api().get<{ facts: Event[] }>(`/api/ledger?after=${after}&limit=${PAGE}`);
    const fresh = facts.filter(({ seq }) => seq < oldest).map((event) => ({ event, ...sentence(event, of) }));
    older.value = [...older.value, ...fresh.reverse()];
    isAtBeginning.value = after === 0;
  } finally {
    isLoading = false;
  }
}

const MARKS = { good: "✓", bad: "✕", warn: "!", plain: "", quiet: "" };
const DAY = new Intl.DateTimeFormat("en-GB", { day: "2-digit", month: "short" });

/** The agent that a fact is about; of a job the one that has it. */
function aboutOf({ event }: Line): string {
  const { agent, job = "" } = event as { agent?: string; job?: string };
  return agent ?? job.replace(/#\d+$/, "");
}

function Row({ line }: { line: Line }) {
  const { event, tone, who, text } = line;
  const agent = aboutOf(line);
  return (
    <span class={`fact-row ${tone}`} title={`#${event.seq} ${event.type}`}>
      <time>
        <span class="day">{DAY.format(event.at)}</span> {clock(event.at)}
      </time>
      <span class="mark">{MARKS[tone]}</span>
      {agent ? (
        <button type="button" class="link who" onClick={() => select(agent)}>
          {who}
        </button>
      ) : (
        <span class="who">{who}</span>
      )}
      <span class="text">{text}</span>
    </span>
  );
}

/** Everything that happened, newest first, as far back as there is. */
export function Timeline() {
  const shown = useComputed(() => {
    const newest = lines.value;
    const last = newest.at(-1)?.event.seq ?? Number.POSITIVE_INFINITY;
    const all = [...newest, ...older.value.filter(({ event }) => event.seq < last)];
    const [isWanted, typed] = [FILTERS[filter.value] ?? (() => true), words.value.trim().toLowerCase()];
    return all.filter(
      (line) =>
        isWanted(line) &&
        (about.value === "" || aboutOf(line) === about.value) &&
        (typed === "" || `${line.who} ${line.text} ${line.event.type}`.toLowerCase().includes(typed)),
    );
  });
  // A filter that leaves little looks further back by itself.
  useEffect(() => {
    if (shown.value.length < 60) void loadMore();
  }, [shown.value.length, older.value.length]);
  const agents = Object.values(state.value?.agents ?? {}).toReversed();
  return (
    <>
      <div class="filters" role="toolbar" aria-label="Filters">
        {Object.keys(FILTERS).map((name) => (
          <button
            type="button"
            key={name}
            class={filter.value === name ? "chip on" : "chip"}
            aria-pressed={filter.value === name}
            onClick={() => (filter.value = name)}
          >
            {name}
          </button>
        ))}
        <select aria-label="Agent" value={about.value} onChange={(event) => (about.value = event.currentTarget.value)}>
          <option value="">all agents</option>
          {agents.map((agent) => (
            <option key={agent.hire.agent} value={agent.hire.agent}>
              {agentName(agent)}
            </option>
          ))}
        </select>
        <input
          type="search"
          aria-label="Search"
          placeholder="Search"
          value={words.value}
          onInput={(event) => (words.value = event.currentTarget.value)}
        />
        <span class="faint">{shown.value.length} shown</span>
      </div>
      {shown.value.length === 0 ? (
        <p class="empty">
          {words.value || about.value ? "Nothing here matches." : "Nothing of this kind has happened."}
        </p>
      ) : (
        <LongList
          rows={shown.value}
          height={ROW}
          label="What happened"
          keyOf={({ event }) => event.seq}
          draw={(line) => <Row line={line} />}
          atEnd={() => void loadMore()}
        />
      )}
    </>
  );
}
