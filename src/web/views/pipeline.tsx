import { signal } from "@preact/signals";
import { go } from "../choice.ts";
import { type Bar, bars, ticks } from "../pipeline-rows.ts";
import { now, state } from "../store.ts";
import { duration } from "../words.ts";

const SPANS = { "1 h": 1, "4 h": 4, "12 h": 12, "3 d": 72 } as const;
type Span = keyof typeof SPANS;

const kind = signal<"jobs" | "tasks">("jobs");
const span = signal<Span>("4 h");

const ROW = 30;
const SHOWN = 200;
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** Percent of the width at which a moment stands. */
type Scale = (at: number) => number;

const shareOf =
  (from: number, to: number): Scale =>
  (at) =>
    Math.max(0, Math.min(100, ((at - from) / (to - from)) * 100));

/** Lines from the end of what comes first to the beginning of what comes after it. */
function Links({ rows, share }: { rows: Bar[]; share: Scale }) {
  const placeOf = new Map(rows.map((bar, at) => [bar.id, { bar, at }]));
  const links = rows.flatMap((bar, at) => bar.after.flatMap((id) => ({ parent: placeOf.get(id), bar, at })));
  return (
    <svg class="links" aria-hidden="true" viewBox={`0 0 100 ${rows.length * ROW}`} preserveAspectRatio="none">
      {links.map(({ parent, bar, at }) => {
        if (!parent) return null;
        const [x1, y1] = [share(parent.bar.to ?? now.value), parent.at * ROW + ROW / 2];
        const [x2, y2] = [share(bar.from ?? bar.asked), at * ROW + ROW / 2];
        return <path key={`${parent.bar.id} ${bar.id}`} d={`M${x1} ${y1} H${(x1 + x2) / 2} V${y2} H${x2}`} />;
      })}
    </svg>
  );
}

function Line({ bar, share }: { bar: Bar; share: Scale }) {
  const end = bar.to ?? now.value;
  const from = bar.from ?? end;
  const wait = share(from) - share(bar.asked);
  const length = Math.max(0.4, share(end) - share(from));
  const took = bar.from === null ? "waits" : duration(end - from);
  return (
    <li class="bar-row">
      <button type="button" class="link name" data-step onClick={() => go(bar.at.place, bar.at.id)} title={bar.text}>
        <b>{bar.label}</b> {bar.text}
      </button>
      <span class="track">
        {wait > 0.2 && <i class="wait" style={{ left: `${share(bar.asked)}%`, width: `${wait}%` }} />}
        {bar.from !== null && (
          <i
            class={`bar ${bar.tone}`}
            style={{ left: `${Math.min(share(from), 100 - length)}%`, width: `${length}%` }}
            title={took}
          />
        )}
      </span>
      <span class="faint took">{took}</span>
    </li>
  );
}

function Chips<T extends string>({ all, chosen, choose }: { all: T[]; chosen: T; choose(one: T): void }) {
  return (
    <>
      {all.map((one) => (
        <button
          type="button"
          key={one}
          class={chosen === one ? "chip on" : "chip"}
          aria-pressed={chosen === one}
          onClick={() => choose(one)}
        >
          {one}
        </button>
      ))}
    </>
  );
}

/** Who worked when, what waited for what. */
export function Pipeline() {
  const of = state.value;
  if (!of) return null;
  const to = now.value;
  const from = to - SPANS[span.value] * 3_600_000;
  const rows = bars(of, kind.value, from).slice(-SHOWN);
  const share = shareOf(from, to);
  return (
    <>
      <div class="filters" role="toolbar" aria-label="What is shown">
        <Chips all={["jobs", "tasks"]} chosen={kind.value} choose={(one) => (kind.value = one)} />
        <span class="grow" />
        <Chips all={Object.keys(SPANS) as Span[]} chosen={span.value} choose={(one) => (span.value = one)} />
      </div>
      {rows.length === 0 ? (
        <p class="empty">Nothing within this time. Each {kind.value === "jobs" ? "job" : "task"} has a bar here.</p>
      ) : (
        <div class="chart">
          <div class="scale" aria-hidden="true">
            {ticks(from, to).map((at) => (
              <span key={at} style={{ left: `${share(at)}%` }}>
                {TIME.format(at)}
              </span>
            ))}
          </div>
          <div class="bars">
            <ol aria-label="Pipeline">
              {rows.map((bar) => (
                <Line key={bar.id} bar={bar} share={share} />
              ))}
            </ol>
            <div class="behind">
              <Links rows={rows} share={share} />
            </div>
          </div>
        </div>
      )}
    </>
  );
}
