import { agentState } from "../../core/job-state.ts";
import type { Agent, State, Team } from "../../core/state.ts";
import { now, select, selected, state } from "../store.ts";
import { agentName, doing, duration, folderName, fullness } from "../words.ts";
import { Badge } from "./badge.tsx";

function elapsed(of: State, agent: Agent): string {
  const job = agent.job ? of.jobs[agent.job] : undefined;
  const since = job?.startedAt ?? job?.createdAt ?? agent.hiredAt;
  const end = job?.finishedAt ?? (agent.dismissed ? agent.since : now.value);
  return duration(end - since);
}

function Context({ agent }: { agent: Agent }) {
  const size = agent.usage?.contextSize;
  if (!agent.usage || !size) return null;
  const share = Math.min(1, agent.usage.contextTokens / size);
  return (
    <span class={`gauge ${share > 0.8 ? "high" : ""}`} title={fullness(agent)}>
      <i style={{ width: `${Math.max(2, share * 100)}%` }} />
    </span>
  );
}

function Row({ of, agent }: { of: State; agent: Agent }) {
  const { hire } = agent;
  const prompt = agent.job ? of.jobs[agent.job]?.prompt : undefined;
  const isOn = selected.value?.hire.agent === hire.agent;
  return (
    <button type="button" class={`agent ${isOn ? "on" : ""}`} aria-pressed={isOn} onClick={() => select(hire.agent)}>
      <span class="head">
        <b>{agentName(agent)}</b>
        <Badge state={agentState(of, agent)} />
      </span>
      {prompt && <span class="prompt">{prompt}</span>}
      <span class="doing">{doing(agent)}</span>
      <span class="meta">
        {hire.driver}
        {hire.model ? ` · ${hire.model}` : ""} · {elapsed(of, agent)}
        {hire.seat ? ` · ${hire.agent}` : ""}
        <Context agent={agent} />
      </span>
    </button>
  );
}

function Group({ of, title, note, agents }: { of: State; title: string; note: string; agents: Agent[] }) {
  if (agents.length === 0) return null;
  return (
    <section>
      <h2>
        {title} <span class="faint">{note}</span>
      </h2>
      {agents.map((agent) => (
        <Row key={agent.hire.agent} of={of} agent={agent} />
      ))}
    </section>
  );
}

const membersOf = (of: State, team: Team): Agent[] => team.seats.flatMap(({ agent }) => of.agents[agent] ?? []);

function Ended({ of, agents }: { of: State; agents: Agent[] }) {
  if (agents.length === 0) return null;
  return (
    <details class="ended">
      <summary>Ended ({agents.length})</summary>
      {agents.map((agent) => (
        <Row key={agent.hire.agent} of={of} agent={agent} />
      ))}
    </details>
  );
}

/** All agents: by team, alone, and those that have ended. */
export function Agents() {
  const of = state.value;
  if (!of) return <aside class="part agents faint pad">Loading what happened so far…</aside>;
  const all = Object.values(of.agents);
  const teams = Object.values(of.teams).filter((team) => team.stopped === undefined);
  const inTeams = new Set(teams.flatMap((team) => team.seats.map(({ agent }) => agent)));
  const others = all.filter((agent) => !inTeams.has(agent.hire.agent)).reverse();
  return (
    <aside class="part agents" aria-label="Agents">
      {all.length === 0 && (
        <div class="empty">
          <p>No agents yet.</p>
          <p>One agent on one job:</p>
          <pre>muster start "what to do"</pre>
          <p>A team of two in this repository:</p>
          <pre>muster run --task "…"</pre>
        </div>
      )}
      {teams.map((team) => (
        <Group
          key={team.name}
          of={of}
          title={team.name}
          note={`${team.topology} in ${folderName(team.repo)}`}
          agents={membersOf(of, team)}
        />
      ))}
      <Group of={of} title="Jobs" note="" agents={others.filter((agent) => !agent.dismissed)} />
      <Ended of={of} agents={others.filter((agent) => agent.dismissed)} />
    </aside>
  );
}
