import { useComputed } from "@preact/signals";
import { agentState, type JobState } from "../../core/job-state.ts";
import { openTasks } from "../../core/queue/state.ts";
import { taskRow } from "../../core/queue/view.ts";
import type { Agent, State } from "../../core/state.ts";
import { calling, passing, wrong } from "../calls.ts";
import { go } from "../choice.ts";
import { open } from "../frame/overlays.ts";
import { AgentCard } from "../parts/agent-card.tsx";
import { WorkList } from "../parts/at-work.tsx";
import { NeedCard } from "../parts/needs.tsx";
import { Tile } from "../parts/tile.tsx";
import { HeldUpList, WrongList } from "../parts/trouble.tsx";
import { Why } from "../parts/why.tsx";
import { now, state } from "../store.ts";
import { stuck } from "../stuck.ts";
import { totals } from "../totals.ts";
import { clock, duration, money } from "../words.ts";

/** What is told as the night. */
const NIGHT_MS = 12 * 3_600_000;

const minute = () => Math.floor(now.value / 60_000) * 60_000;

/** What is so now, and what the last hours brought and cost. */
function Tiles({ of, heldUp }: { of: State; heldUp: number }) {
  const since = minute() - NIGHT_MS;
  const { atWork, idle, waiting, done, failed, commits, cost, unpriced } = totals(of, since);
  const price = cost > 0 || unpriced === 0 ? money(cost) : "unknown";
  return (
    <section class="tiles" aria-label="Now, and the last twelve hours">
      <Tile n={calling.value.length} word="need you" tone={calling.value.length > 0 ? "amber" : ""} />
      <Tile n={atWork} word="at work" tone={atWork > 0 ? "blue" : ""} />
      <Tile n={heldUp} word="held up" tone={heldUp > 0 ? "amber" : ""} />
      <Tile n={idle} word="idle" />
      <Tile n={waiting} word="queued" />
      <p class="faint">last 12 hours</p>
      <Tile n={done} word="done" tone={done > 0 ? "green" : ""} />
      <Tile n={failed} word="failed" tone={failed > 0 ? "red" : ""} />
      <Tile n={commits} word="commits" />
      <Tile
        n={price}
        word={
          unpriced > 0 && cost > 0
            ? `cost at least, ${unpriced} ${unpriced === 1 ? "agent" : "agents"} unknown`
            : "cost"
        }
      />
    </section>
  );
}

/** Whatever else it is comes last: its program has ended, and that stands above. */
const ORDER: JobState[] = ["needs_user", "limited", "running", "starting", "pending", "idle", "completed"];

const rank = (of: State, agent: Agent): number => {
  const at = ORDER.indexOf(agentState(of, agent));
  return at < 0 ? ORDER.length : at;
};

const living = (of: State): Agent[] =>
  Object.values(of.agents)
    .filter(({ dismissed }) => !dismissed)
    .sort((a, b) => rank(of, a) - rank(of, b) || b.hiredAt - a.hiredAt);

/** Cards drawn; more of them nobody looks through. */
const CARDS = 60;

/** All that live, each with a card. */
function Agents({ of, agents }: { of: State; agents: Agent[] }) {
  return (
    <section aria-label="Agents">
      <h2>
        Agents <span class="faint">{agents.length}</span>
      </h2>
      {agents.length === 0 && (
        <div class="empty">
          <p>No agents yet.</p>
          <p>
            Each has a card here: what it does, and whether it needs you. Start one with{" "}
            <button type="button" class="link" onClick={() => open("new")}>
              New agent
            </button>{" "}
            or, in a terminal, in a git repository of yours:
          </p>
          <dl>
            <dt>
              <code>muster start "what to do"</code>
            </dt>
            <dd>one agent, one job</dd>
            <dt>
              <code>muster run --task "what to do"</code>
            </dt>
            <dd>two peers, who hand in patches; what passes the tests is committed</dd>
            <dt>
              <code>muster queue add --direct "what to do"</code>
            </dt>
            <dd>a task that waits its turn, for the night</dd>
          </dl>
        </div>
      )}
      <div class="cards">
        {agents.slice(0, CARDS).map((agent) => (
          <AgentCard key={agent.hire.agent} of={of} agent={agent} />
        ))}
      </div>
      {agents.length > CARDS && (
        <button type="button" class="quiet" onClick={() => go("agents")}>
          {agents.length - CARDS} more
        </button>
      )}
    </section>
  );
}

const NEXT = 8;

/** What comes next, and why not now. */
function Next({ of }: { of: State }) {
  const waiting = openTasks(of.queue)
    .filter(({ state: is }) => is === "pending")
    .sort((a, b) => b.order.priority - a.order.priority || a.task - b.task);
  if (waiting.length === 0) return null;
  return (
    <section aria-label="Queue">
      <h2>
        In the queue <span class="faint">{waiting.length}</span>
      </h2>
      <ol class="rows">
        {waiting.slice(0, NEXT).map((task) => {
          const { waits, prompt, priority } = taskRow(of, task);
          return (
            <li key={task.task}>
              <b>#{task.task}</b> <span class="grow">{prompt}</span>
              {priority !== 0 && <span class="faint">priority {priority}</span>}
              {waits && <span class="wait">{waits.reason}</span>}
              <Why id={`#${task.task}`} />
            </li>
          );
        })}
      </ol>
      {waiting.length > NEXT && (
        <button type="button" class="quiet" onClick={() => go("orchestrator")}>
          {waiting.length - NEXT} more
        </button>
      )}
    </section>
  );
}

const DONE = 12;

/** What ended of late, newest first. */
function Done({ of }: { of: State }) {
  const jobs = useComputed(() =>
    Object.values(state.value?.jobs ?? {})
      .filter(({ outcome, finishedAt = 0 }) => outcome === "completed" && finishedAt > minute() - NIGHT_MS)
      .sort((a, b) => (b.finishedAt ?? 0) - (a.finishedAt ?? 0))
      .slice(0, DONE),
  );
  if (jobs.value.length === 0) return null;
  return (
    <section aria-label="Done">
      <h2>Done of late</h2>
      <ol class="rows">
        {jobs.value.map((job) => (
          <li key={job.id}>
            <time>{clock(job.finishedAt ?? 0)}</time>
            <button type="button" class="link" onClick={() => go("agents", job.agent)}>
              {of.agents[job.agent]?.hire.seat ?? job.agent}
            </button>
            <span class="grow">{job.prompt}</span>
            <span class="faint">{duration((job.finishedAt ?? 0) - (job.startedAt ?? job.createdAt))}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** One glance: what needs a person, who works, what was done, what it cost, and whether anything is stuck. */
export function Home() {
  const of = state.value;
  if (!of) return null;
  const agents = living(of);
  const heldUp = stuck(of);
  return (
    <>
      <Tiles of={of} heldUp={passing.value.length + heldUp.length} />
      <div class={calling.value.length > 0 ? "front both" : "front"}>
        {calling.value.length > 0 ? (
          <section class="needs" aria-label="Needs you">
            <h2>Needs you</h2>
            <div class="list">
              {calling.value.map((need) => (
                <NeedCard key={need.key} need={need} />
              ))}
            </div>
          </section>
        ) : (
          Object.keys(of.agents).length > 0 && <p class="calm">Nothing needs you.</p>
        )}
        <div>
          <WorkList of={of} agents={agents} />
          <WrongList all={wrong.value} />
          <HeldUpList limits={passing.value} stuck={heldUp} />
        </div>
      </div>
      <Agents of={of} agents={agents} />
      <div class="columns">
        <Next of={of} />
        <Done of={of} />
      </div>
    </>
  );
}
