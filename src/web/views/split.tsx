import { computed, signal } from "@preact/signals";
import { agentState } from "../../core/job-state.ts";
import { type Agent, isAlive } from "../../core/state.ts";
import { byAge } from "../ages.ts";
import { select } from "../choice.ts";
import { Badge } from "../parts/badge.tsx";
import { state } from "../store.ts";
import { TerminalView } from "../terminal/view.tsx";
import { agentName } from "../words.ts";

/** Columns and rows. */
const GRIDS = { "1×1": [1, 1], "2×1": [2, 1], "2×2": [2, 2], "3×2": [3, 2], "3×3": [3, 3] } as const;
type Grid = keyof typeof GRIDS;

/** Which terminals stand where; kept in this browser. */
interface Layout {
  grid: Grid;
  agents: string[];
}

const KEY = "muster.split";

function kept(): Layout {
  try {
    const { grid, agents } = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Layout>;
    const isGrid = grid !== undefined && Object.hasOwn(GRIDS, grid);
    const names = Array.isArray(agents) ? agents.filter((one) => typeof one === "string") : [];
    return { grid: isGrid ? grid : "2×1", agents: names.slice(0, 9) };
  } catch {
    return { grid: "2×1", agents: [] };
  }
}

const layout = signal<Layout>(kept());

function change(part: Partial<Layout>): void {
  layout.value = { ...layout.value, ...part };
  localStorage.setItem(KEY, JSON.stringify(layout.value));
}

const living = computed<Agent[]>(() =>
  byAge(state.value?.agents ?? {})
    .filter(isAlive)
    .toReversed(),
);

/** Who stands in each place: the chosen ones that still live, then the newest of the others. */
const placesTaken = computed<(Agent | undefined)[]>(() => {
  const [columns, rows] = GRIDS[layout.value.grid];
  const chosen = layout.value.agents.map((id) => living.value.find(({ hire }) => hire.agent === id));
  const others = living.value.filter((agent) => !chosen.includes(agent));
  return Array.from({ length: columns * rows }, (_, at) => chosen[at] ?? others.shift());
});

function put(at: number, agent: string): void {
  const now = placesTaken.value.map((one) => one?.hire.agent ?? "");
  const from = now.indexOf(agent);
  if (from >= 0) now[from] = now[at] ?? "";
  now[at] = agent;
  change({ agents: now });
}

function Panel({ agent, at }: { agent: Agent | undefined; at: number }) {
  const of = state.value;
  if (!of || !agent) return <div class="panel empty">No agent for this place.</div>;
  return (
    <section class="panel" aria-label={`Terminal ${at + 1}`}>
      <header>
        <select
          aria-label={`Agent of terminal ${at + 1}`}
          value={agent.hire.agent}
          onChange={(event) => put(at, event.currentTarget.value)}
        >
          {living.value.map((one) => (
            <option key={one.hire.agent} value={one.hire.agent}>
              {agentName(one)}
            </option>
          ))}
        </select>
        <Badge state={agentState(of, agent)} />
        <span class="grow" />
        <button type="button" class="quiet small" onClick={() => select(agent.hire.agent)}>
          Open
        </button>
      </header>
      <TerminalView key={agent.hire.agent} agent={agent.hire.agent} isBeside />
    </section>
  );
}

/** Several terminals at once, each as it is. */
export function Split() {
  const { grid } = layout.value;
  const [columns, rows] = GRIDS[grid];
  return (
    <>
      <div class="filters" role="toolbar" aria-label="Layout">
        {(Object.keys(GRIDS) as Grid[]).map((name) => (
          <button
            type="button"
            key={name}
            class={grid === name ? "chip on" : "chip"}
            aria-pressed={grid === name}
            onClick={() => change({ grid: name })}
          >
            {name}
          </button>
        ))}
      </div>
      {living.value.length === 0 ? (
        <p class="empty">No terminal is open. Those of agents that you start stand here, side by side.</p>
      ) : (
        <div class="grid" style={{ "--columns": columns, "--rows": rows }}>
          {placesTaken.value.map((agent, at) => (
            <Panel key={`${grid} ${at} ${agent?.hire.agent}`} agent={agent} at={at} />
          ))}
        </div>
      )}
    </>
  );
}
