import { signal } from "@preact/signals";
import type { Analytics as Answer, DailyMetrics, Range, Totals } from "../../core/history/api.ts";
import { useAsked } from "../agent/asked.ts";
import { Figures } from "../parts/figures.tsx";
import { Tile } from "../parts/tile.tsx";
import { state } from "../store.ts";
import { count, duration, money } from "../words.ts";

const RANGES: Record<Range, string> = { "7d": "7 days", "30d": "30 days", "90d": "90 days", all: "All" };
const range = signal<Range>("30d");

const orUnknown = (n: number | null, word: (n: number) => string): string => (n === null ? "unknown" : word(n));

const HIGH = 120;
const GAP = 0.25;

interface Part {
  tone: string;
  of(day: DailyMetrics): number;
}

/** Bars of each day, one part upon the other; a table of the same figures for whoever reads by ear. */
function Chart({ title, days, parts, word }: { title: string; days: DailyMetrics[]; parts: Part[]; word: Word }) {
  const heights = days.map((day) => parts.map((part) => part.of(day)));
  const most = Math.max(...heights.map((of) => of.reduce((a, b) => a + b, 0)), 0);
  const all = heights.flat().reduce((a, b) => a + b, 0);
  const wide = 1 - GAP;
  return (
    <figure class="panel days">
      <figcaption>
        <b>{title}</b>{" "}
        <span class="faint">{all === 0 ? "none known" : `${word(all)}, at most ${word(most)} a day`}</span>
      </figcaption>
      <svg viewBox={`0 0 ${Math.max(days.length, 7)} ${HIGH}`} preserveAspectRatio="none" role="img" aria-label={title}>
        {days.map((day, n) => {
          let top = HIGH;
          return parts.map((part, at) => {
            const high = most === 0 ? 0 : ((heights[n]?.[at] ?? 0) / most) * HIGH;
            top -= high;
            return (
              <rect
                key={`${day.day} ${part.tone}`}
                class={part.tone}
                x={n + GAP / 2}
                y={top}
                width={wide}
                height={high}
              >
                <title>{`${day.day}: ${word(heights[n]?.[at] ?? 0)}`}</title>
              </rect>
            );
          });
        })}
      </svg>
      <p class="faint ends">
        <span>{days[0]?.day}</span>
        <span>{days.at(-1)?.day}</span>
      </p>
    </figure>
  );
}

type Word = (n: number) => string;

function Sums({ of }: { of: Totals }) {
  const { completed, failed, tokensIn, tokensOut, cost, costUnknown, toolCalls, failedCalls, files, elapsedMs } = of;
  return (
    <section class="tiles" aria-label="In all">
      <Tile n={completed} word="done" tone={completed > 0 ? "green" : ""} />
      <Tile n={failed} word="failed" tone={failed > 0 ? "red" : ""} />
      <Tile n={orUnknown(tokensIn, count)} word="tokens in" />
      <Tile n={orUnknown(tokensOut, count)} word="tokens out" />
      <Tile n={orUnknown(cost, money)} word={costUnknown > 0 ? `cost, and ${costUnknown} unknown` : "cost"} />
      <Tile n={duration(elapsedMs)} word="at work" />
      <Tile n={count(toolCalls)} word={`tool calls, ${count(failedCalls)} failed`} />
      <Tile n={count(files)} word="files changed" />
    </section>
  );
}

function Table({ title, head, rows }: { title: string; head: string[]; rows: (string | number)[][] }) {
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {rows.length === 0 && <p class="empty">Nothing of this kind is known yet.</p>}
      {rows.length > 0 && (
        <Figures label={`${title}, table`} head={head} rows={rows.map((cells) => ({ key: String(cells[0]), cells }))} />
      )}
    </section>
  );
}

function Account({ of: { days, totals, models, drivers, tools, files } }: { of: Answer }) {
  const jobs: Part[] = [
    { tone: "green", of: ({ completed }) => completed },
    { tone: "red", of: ({ failed }) => failed },
  ];
  const tokens: Part[] = [
    { tone: "blue", of: ({ tokensIn }) => tokensIn ?? 0 },
    { tone: "accent", of: ({ tokensOut }) => tokensOut ?? 0 },
  ];
  return (
    <>
      <Sums of={totals} />
      <div class="columns charts">
        <Chart title="Jobs that ended" days={days} parts={jobs} word={String} />
        <Chart title="Tokens" days={days} parts={tokens} word={count} />
        <Chart title="Cost" days={days} parts={[{ tone: "amber", of: ({ cost }) => cost ?? 0 }]} word={money} />
        <Chart
          title="Time at work"
          days={days}
          parts={[{ tone: "grey", of: (day) => day.elapsedMs }]}
          word={duration}
        />
      </div>
      <div class="columns">
        <Table
          title="Models"
          head={["Model", "Jobs", "Tokens in", "Tokens out", "Cost", "At work"]}
          rows={models.map((one) => [
            one.model ?? "unknown",
            one.jobs,
            orUnknown(one.tokensIn, count),
            orUnknown(one.tokensOut, count),
            orUnknown(one.cost, money),
            duration(one.elapsedMs),
          ])}
        />
        <Table
          title="CLIs"
          head={["CLI", "Jobs", "Done", "Failed"]}
          rows={drivers.map(({ driver, jobs: n, completed, failed }) => [driver, n, completed, failed])}
        />
        <Table
          title="Tools"
          head={["Tool", "Calls", "Failed", "Jobs"]}
          rows={tools.slice(0, 20).map(({ name, calls, failed, jobs: n }) => [name, calls, failed, n])}
        />
        <Table
          title="Files"
          head={["File", "Jobs that changed it"]}
          rows={files.slice(0, 20).map((one) => [one.file, one.jobs])}
        />
      </div>
    </>
  );
}

/** Jobs, tokens, cost and time by days (A95). */
export function Analytics() {
  const ended = Object.values(state.value?.jobs ?? {}).filter(({ outcome }) => outcome !== undefined).length;
  const found = useAsked<Answer>(`/api/db/analytics?range=${range.value}`, ended).value;
  return (
    <>
      <div class="filters" role="toolbar" aria-label="Range">
        {(Object.keys(RANGES) as Range[]).map((one) => (
          <button
            type="button"
            key={one}
            class={range.value === one ? "chip on" : "chip"}
            aria-pressed={range.value === one}
            onClick={() => (range.value = one)}
          >
            {RANGES[one]}
          </button>
        ))}
      </div>
      {found && ("refusal" in found ? <p class="empty">{found.refusal}</p> : <Account of={found.answer} />)}
    </>
  );
}
