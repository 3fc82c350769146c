import { useSignal } from "@preact/signals";
import { agentState, type JobState } from "../../core/job-state.ts";
import type { Agent, State, Team } from "../../core/state.ts";
import { byAge } from "../ages.ts";
import { select, selected, selectedTeam, selectTeam } from "../choice.ts";
import { state } from "../store.ts";
import { agentName, doing, folderName } from "../words.ts";
import { crew, elapsed, Fullness } from "./agent-card.tsx";
import { Badge } from "./badge.tsx";

function Row({ of, agent }: { of: State; agent: Agent }) {
  const { hire } = agent;
  const prompt = agent.job ? of.jobs[agent.job]?.prompt : undefined;
  const isOn = selected.value?.hire.agent === hire.agent;
  const now = agentState(of, agent);
  const marks = `${isOn ? "on" : ""} ${now === "needs_user" ? "calling" : ""}`;
  return (
    <button type="button" class={`agent ${marks}`} data-step aria-pressed={isOn} onClick={() => select(hire.agent)}>
      <span class="head">
        <b>{agentName(agent)}</b>
        <Badge state={now} />
      </span>
      {prompt && <span class="prompt">{prompt}</span>}
      <span class="doing">{doing(agent)}</span>
      <span class="meta">
        <span class="told">
          {crew(agent)} · {elapsed(of, agent)}
          {hire.seat ? ` · ${hire.agent}` : ""}
        </span>
        <Fullness agent={agent} />
      </span>
    </button>
  );
}

interface GroupProps {
  of: State;
  title: string;
  agents: Agent[];
  team?: Team;
}

/** A team's name leads to what it does; it says what would otherwise be seen only there. */
function TeamName({ of, team }: { of: State; team: Team }) {
  const isOn = selectedTeam.value?.name === team.name;
  const open = Object.values(of.rfds).filter((rfd) => rfd.team === team.name && !rfd.decided).length;
  return (
    <button
      type="button"
      class={`team-name ${isOn ? "on" : ""}`}
      aria-pressed={isOn}
      onClick={() => selectTeam(team.name)}
    >
      <span class="name">{team.name}</span>
      {team.paused && <span class="mark"> paused</span>}
      {open > 0 && <span class="mark"> {open} to decide</span>}{" "}
      <span class="faint">
        {team.topology} in {folderName(team.repo)}
      </span>
    </button>
  );
}

function Group({ of, title, agents, team }: GroupProps) {
  if (agents.length === 0) return null;
  return (
    <section>
      <h2>{team ? <TeamName of={of} team={team} /> : title}</h2>
      {agents.map((agent) => (
        <Row key={agent.hire.agent} of={of} agent={agent} />
      ))}
    </section>
  );
}

const ORDER: JobState[] = [
  "needs_user",
  "limited",
  "running",
  "starting",
  "pending",
  "idle",
  "failed",
  "lost",
  "completed",
];

/** Who needs a person, then who works, then the others; within each the newest first. */
const byUrgency = (of: State, agents: Agent[]): Agent[] =>
  agents.toSorted(
    (a, b) => ORDER.indexOf(agentState(of, a)) - ORDER.indexOf(agentState(of, b)) || b.hiredAt - a.hiredAt,
  );

const membersOf = (of: State, team: Team): Agent[] => team.seats.flatMap(({ agent }) => of.agents[agent] ?? []);

/** Rows of the ended that are drawn at once. */
const ENDED = 100;

/** Those that have ended: drawn only once somebody looks, for they become thousands. */
function Ended({ of, agents }: { of: State; agents: Agent[] }) {
  const most = useSignal(0);
  if (agents.length === 0) return null;
  const open = (event: Event) => {
    most.value = (event.currentTarget as HTMLDetailsElement).open ? ENDED : 0;
  };
  return (
    <details class="ended" onToggle={open}>
      <summary>Ended ({agents.length})</summary>
      {agents.slice(0, most.value).map((agent) => (
        <Row key={agent.hire.agent} of={of} agent={agent} />
      ))}
      {most.value > 0 && agents.length > most.value && (
        <button type="button" class="quiet" onClick={() => (most.value += ENDED)}>
          {agents.length - most.value} more
        </button>
      )}
    </details>
  );
}

/** All agents: by team, alone, and those that have ended. */
export function Agents() {
  const of = state.value;
  if (!of) return <aside class="part agents faint pad">Loading what happened so far…</aside>;
  const all = byAge(of.agents);
  const teams = Object.values(of.teams).filter((team) => team.stopped === undefined);
  const inTeams = new Set(teams.flatMap((team) => team.seats.map(({ agent }) => agent)));
  const others = all.filter((agent) => !inTeams.has(agent.hire.agent));
  return (
    <aside class="part agents" aria-label="Agents">
      {all.length === 0 && (
        <div class="empty">
          <p>No agents yet.</p>
          <p>Each has a line here: what it does, and whether it needs you.</p>
        </div>
      )}
      {teams.map((team) => (
        <Group key={team.name} of={of} title={team.name} team={team} agents={membersOf(of, team)} />
      ))}
      <Group
        of={of}
        title="Jobs"
        agents={byUrgency(
          of,
          others.filter((agent) => !agent.dismissed),
        )}
      />
      <Ended of={of} agents={others.filter((agent) => agent.dismissed).reverse()} />
    </aside>
  );
}
