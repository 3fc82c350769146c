import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { EventRow, JobDetail, JobHistoryRow, Overview, Page, ToolCallRow } from "../../core/history/api.ts";
import { useAsked } from "../agent/asked.ts";
import { select } from "../choice.ts";
import { Figures } from "../parts/figures.tsx";
import { now, state } from "../store.ts";
import { bytes, clock, count, duration, money } from "../words.ts";

const TABS = { jobs: "Jobs", calls: "Tool calls", events: "Events", tables: "Tables" } as const;
type Tab = keyof typeof TABS;

const SORTS = { created: "newest", elapsed: "longest", cost: "dearest", tokens: "most tokens", tools: "most tools" };
const STATUSES = ["completed", "failed", "running", "pending"];

const tab = signal<Tab>("jobs");
const words = signal("");
const status = signal("");
const sort = signal<keyof typeof SORTS>("created");
const page = signal(1);
const chosen = signal<string | null>(null);

const LIMIT = 50;
const DATE = new Intl.DateTimeFormat("en-GB", { day: "2-digit", month: "short" });
const moment = (at: number | null): string => (at === null ? "never" : `${DATE.format(at)} ${clock(at)}`);
const or = (n: number | null, word: (n: number) => string): string => (n === null ? "unknown" : word(n));

const took = ({ elapsedMs, startedAt, finishedAt }: JobHistoryRow): string => {
  if (elapsedMs !== null) return duration(elapsedMs);
  if (finishedAt !== null) return "unknown";
  return startedAt === null ? "not begun" : `${duration(now.value - startedAt)} so far`;
};

/** The question that the filters ask; what is empty is not asked. */
function queryOf(more: Record<string, string>): string {
  const query = new URLSearchParams({ page: String(page.value), limit: String(LIMIT) });
  for (const [key, value] of Object.entries({ search: words.value.trim(), ...more }))
    if (value !== "") query.set(key, value);
  return query.toString();
}

function Turner({ of: { total, page: at, limit } }: { of: Page<unknown> }) {
  const last = Math.max(1, Math.ceil(total / limit));
  if (last === 1) return total > 1 ? <p class="faint">{count(total)} in all</p> : null;
  return (
    <p class="ways">
      <button type="button" disabled={at <= 1} onClick={() => page.value--}>
        Before
      </button>
      <span class="faint">{total === 0 ? "none" : `page ${at} of ${last}, ${count(total)} in all`}</span>
      <button type="button" disabled={at >= last} onClick={() => page.value++}>
        After
      </button>
    </p>
  );
}

interface ListingProps<T> {
  path: string;
  head: string[];
  keyOf(row: T): string | number;
  cells(row: T): ComponentChildren[];
}

/** One page of a table of the database. */
function Listing<T>({ path, head, keyOf, cells }: ListingProps<T>) {
  const found = useAsked<Page<T>>(path, `${state.value?.seq ?? 0}`.slice(0, -1)).value;
  if (!found) return null;
  if ("refusal" in found) return <p class="empty">{found.refusal}</p>;
  const { rows } = found.answer;
  return (
    <>
      {rows.length === 0 && <p class="empty">Nothing here matches.</p>}
      {rows.length > 0 && (
        <Figures
          label={`${TABS[tab.value]}, table`}
          head={head}
          rows={rows.map((row) => ({ key: keyOf(row), cells: cells(row) }))}
        />
      )}
      <Turner of={found.answer} />
    </>
  );
}

const Jobs = () => (
  <Listing<JobHistoryRow>
    path={`/api/db/jobs?${queryOf({ status: status.value, sort: sort.value })}`}
    head={["Job", "Status", "Begun", "Took", "Tokens", "Cost", "Tools", "Order"]}
    keyOf={({ id }) => id}
    cells={(job) => [
      <button type="button" class="link" data-step key="id" onClick={() => (chosen.value = job.id)}>
        {job.id}
      </button>,
      job.status,
      moment(job.startedAt ?? job.createdAt),
      took(job),
      job.tokensIn === null ? "unknown" : `${count(job.tokensIn)} in, ${count(job.tokensOut ?? 0)} out`,
      or(job.cost, money),
      or(job.toolCalls, String),
      <span class="order" key="prompt">
        {job.prompt}
      </span>,
    ]}
  />
);

const Calls = () => (
  <Listing<ToolCallRow>
    path={`/api/db/tool-calls?${queryOf({})}`}
    head={["When", "Job", "Tool", "Ended", "Given"]}
    keyOf={({ job, call }) => `${job} ${call}`}
    cells={({ at, job, name, isError, file, input }) => [
      moment(at),
      job,
      name,
      isError === null ? "not yet" : isError ? "failed" : "well",
      <code key="input">{file ?? input}</code>,
    ]}
  />
);

const Events = () => (
  <Listing<EventRow>
    path={`/api/db/events?${queryOf({})}`}
    head={["When", "Agent", "Event", "Tool", "Told"]}
    keyOf={({ id }) => id}
    cells={({ at, agent, event, tool, file, payload }) => [
      moment(at),
      agent,
      event,
      tool ?? "",
      <code key="payload">{file ?? payload.slice(0, 200)}</code>,
    ]}
  />
);

function Tables() {
  const found = useAsked<Overview>("/api/db/overview", "").value;
  if (!found) return null;
  if ("refusal" in found) return <p class="empty">{found.refusal}</p>;
  const { path, size, tables } = found.answer;
  return (
    <>
      <p>
        <code>{path}</code>, {bytes(size)}. sqlite3 -readonly opens it, also while Muster runs.
      </p>
      <Figures
        label="Tables, table"
        head={["Table", "Rows", "Oldest", "Newest"]}
        rows={tables.map(({ name, rows, oldest, newest }) => ({
          key: name,
          cells: [name, rows, moment(oldest), moment(newest)],
        }))}
      />
    </>
  );
}

/** One job as the history has it, also when its files are gone. */
function Detail({ id }: { id: string }) {
  const found = useAsked<JobDetail>(`/api/db/jobs/${encodeURIComponent(id)}`, id).value;
  if (!found) return null;
  if ("refusal" in found) return <p class="empty">{found.refusal}</p>;
  const job = found.answer;
  const rows: [string, string][] = [
    ["State", [job.state, job.error].filter(Boolean).join(": ")],
    ["Agent", `${job.driver}, ${job.model ?? "model unknown"}, ${job.sandbox}`],
    ["Folder", job.worktree ?? job.cwd],
    [
      "Tools",
      Object.entries(job.tools)
        .map(([name, n]) => `${name} ${n}`)
        .join(", ") || "none known",
    ],
    ["Files", job.files.join(", ") || "none known"],
    ["Last words", job.summary ?? "unknown"],
    ["Its files", job.removedAt === null ? "kept" : `removed ${moment(job.removedAt)}`],
  ];
  return (
    <section class="panel" aria-label={`Job ${id}`}>
      <h2>
        {id}
        {state.value?.agents[job.agent] && (
          <button type="button" class="small" onClick={() => select(job.agent)}>
            Open
          </button>
        )}
        <button type="button" class="small" onClick={() => (chosen.value = null)}>
          Close
        </button>
      </h2>
      <pre class="file-text">{job.wholePrompt}</pre>
      <dl class="account">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const SHOWN = { jobs: Jobs, calls: Calls, events: Events, tables: Tables };

function Filters() {
  return (
    <div class="filters" role="toolbar" aria-label="Tables and filters">
      {(Object.keys(TABS) as Tab[]).map((one) => (
        <button
          type="button"
          key={one}
          class={tab.value === one ? "chip on" : "chip"}
          aria-pressed={tab.value === one}
          onClick={() => {
            tab.value = one;
            page.value = 1;
          }}
        >
          {TABS[one]}
        </button>
      ))}
      {tab.value === "jobs" && (
        <>
          <select
            aria-label="Status"
            value={status.value}
            onChange={(event) => (status.value = event.currentTarget.value)}
          >
            <option value="">any status</option>
            {STATUSES.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
          <select
            aria-label="Order"
            value={sort.value}
            onChange={(event) => (sort.value = event.currentTarget.value as keyof typeof SORTS)}
          >
            {Object.entries(SORTS).map(([one, word]) => (
              <option key={one} value={one}>
                {word} first
              </option>
            ))}
          </select>
        </>
      )}
      {tab.value !== "tables" && (
        <input
          type="search"
          aria-label="Search"
          placeholder={tab.value === "jobs" ? "Search orders, files, tools, last words" : "Search"}
          value={words.value}
          onInput={(event) => {
            words.value = event.currentTarget.value;
            page.value = 1;
          }}
        />
      )}
    </div>
  );
}

/** Everything that ever was, as the tables of the history have it (A98). */
export function Database() {
  const Shown = SHOWN[tab.value];
  return (
    <>
      <Filters />
      {tab.value === "jobs" && chosen.value !== null && <Detail key={chosen.value} id={chosen.value} />}
      <Shown />
    </>
  );
}
