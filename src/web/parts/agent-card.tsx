import { agentState } from "../../core/job-state.ts";
import type { Agent, State } from "../../core/state.ts";
import { select } from "../choice.ts";
import { now } from "../store.ts";
import { agentName, doing, duration, folderName, fullness, money } from "../words.ts";
import { Badge } from "./badge.tsx";

/** How long its job takes, or took. */
export function elapsed(of: State, agent: Agent): string {
  const job = agent.job ? of.jobs[agent.job] : undefined;
  const since = job?.startedAt ?? job?.createdAt ?? agent.hiredAt;
  const end = job?.finishedAt ?? (agent.dismissed ? agent.since : now.value);
  return duration(end - since);
}

/** How full its context is, as a bar. */
export function Fullness({ agent }: { agent: Agent }) {
  const size = agent.usage?.contextSize;
  if (!agent.usage || !size) return null;
  const share = Math.min(1, agent.usage.contextTokens / size);
  return (
    <span class={`gauge ${share > 0.8 ? "high" : ""}`} title={fullness(agent)}>
      <i style={{ width: `${Math.max(2, share * 100)}%` }} />
    </span>
  );
}

/** `claude · opus/xhigh`. */
export function crew({ hire: { driver, model, effort } }: Agent): string {
  const what = [model, effort].filter(Boolean).join("/");
  return what ? `${driver} · ${what}` : driver;
}

/** An agent at a glance; it leads to its terminal. */
export function AgentCard({ of, agent }: { of: State; agent: Agent }) {
  const { hire, usage } = agent;
  const is = agentState(of, agent);
  const prompt = agent.job ? of.jobs[agent.job]?.prompt : undefined;
  return (
    <button
      type="button"
      class={`agent card ${is === "needs_user" ? "calling" : ""}`}
      data-step
      onClick={() => select(hire.agent)}
    >
      <span class="head">
        <b>{agentName(agent)}</b>
        {hire.team && <span class="faint">{hire.team}</span>}
        <span class="grow" />
        <Badge state={is} />
      </span>
      <span class="prompt">{prompt || folderName(hire.cwd)}</span>
      <span class="doing">{doing(agent)}</span>
      <span class="meta">
        <span class="told">
          {crew(agent)} · {elapsed(of, agent)} · {usage?.cost === undefined ? "cost unknown" : money(usage.cost)}
        </span>
        <Fullness agent={agent} />
      </span>
    </button>
  );
}
