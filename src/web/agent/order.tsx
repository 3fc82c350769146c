import type { JobRow } from "../../core/job-row.ts";
import type { Agent, State } from "../../core/state.ts";
import { select } from "../choice.ts";
import { Why } from "../parts/why.tsx";
import { clock, day, duration, fullness, money } from "../words.ts";
import { useAsked } from "./asked.ts";

/** Its whole prompt: the message that brought it. */
function Prompt({ mid, fallback }: { mid: string; fallback: string }) {
  const asked = useAsked<{ body: string }>(`/api/messages/${encodeURIComponent(mid)}`, mid);
  const found = asked.value;
  return <pre class="whole">{found && "answer" in found ? found.answer.body || fallback : fallback}</pre>;
}

function Family({ of, agent }: { of: State; agent: Agent }) {
  const { parent, agent: id } = agent.hire;
  const children = Object.values(of.agents).filter(({ hire }) => hire.parent === id);
  const link = (one: string) => (
    <button type="button" class="link" key={one} onClick={() => select(one)}>
      {one}{" "}
    </button>
  );
  return (
    <>
      {parent && (
        <div>
          <dt>Started by</dt>
          <dd>{link(parent)}</dd>
        </div>
      )}
      {children.length > 0 && (
        <div>
          <dt>Started</dt>
          <dd>{children.map(({ hire }) => link(hire.agent))}</dd>
        </div>
      )}
    </>
  );
}

function facts(of: State, agent: Agent): [string, string][] {
  const { hire, usage, session } = agent;
  const job = agent.job ? of.jobs[agent.job] : undefined;
  const started = job?.startedAt ?? job?.createdAt ?? agent.hiredAt;
  return [
    ["CLI", [hire.driver, hire.model, hire.effort].filter(Boolean).join(", ")],
    ["Permission", hire.permission],
    ["Folder", hire.worktree?.path ?? hire.cwd],
    ["Begun", `${day(started)}, ${clock(started)}`],
    ["Took", job?.finishedAt === undefined ? "not over" : duration(job.finishedAt - started)],
    ["Outcome", job?.outcome ? `${job.outcome}${job.reason ? `: ${job.reason}` : ""}` : "not over"],
    ["Context", fullness(agent)],
    ["Cost", usage?.cost === undefined ? "unknown" : money(usage.cost)],
    ["Turns", String(agent.turns)],
    ["Session", session ?? "unknown"],
  ];
}

/** What it was told to do, how it was started, and where it stands. */
export function Order({ of, agent }: { of: State; agent: Agent }) {
  const job = agent.job ? of.jobs[agent.job] : undefined;
  const row = useAsked<JobRow>(`/api/jobs/${agent.hire.agent}`, job?.outcome ?? "");
  const summary = row.value && "answer" in row.value ? row.value.answer.summary : "";
  return (
    <>
      {job ? (
        <Prompt mid={job.mid} fallback={job.prompt} />
      ) : (
        <p class="empty">A member of a team has no job of its own.</p>
      )}
      {summary && (
        <>
          <h3>Its last words</h3>
          <pre class="whole">{summary}</pre>
        </>
      )}
      <dl class="account">
        {facts(of, agent).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <Family of={of} agent={agent} />
      </dl>
      <Why id={agent.hire.agent} />
    </>
  );
}
