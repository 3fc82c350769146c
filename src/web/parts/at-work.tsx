import { agentState } from "../../core/job-state.ts";
import type { Agent, State } from "../../core/state.ts";
import { go, select } from "../choice.ts";
import { agentName, doing, folderName, fullness, money } from "../words.ts";
import { elapsed } from "./agent-card.tsx";

/** Rows drawn; all agents have a card below. */
const DRAWN = 6;

/** What it works on: its job's prompt, else where it works. */
const subject = (of: State, { job, hire }: Agent): string => (job && of.jobs[job]?.prompt) || folderName(hire.cwd);

/** Who works right now, at what, for how long and for how much. */
export function WorkList({ of, agents }: { of: State; agents: Agent[] }) {
  const working = agents.filter((agent) => ["running", "starting"].includes(agentState(of, agent)));
  if (working.length === 0) return null;
  return (
    <section class="working" aria-label="At work">
      <h2>
        At work <span class="faint">{working.length}</span>
      </h2>
      <ol class="rows">
        {working.slice(0, DRAWN).map((agent) => (
          <li key={agent.hire.agent} data-step tabIndex={-1}>
            <p class="subject">
              <button type="button" class="link" onClick={() => select(agent.hire.agent)}>
                {subject(of, agent)}
              </button>
              <span class="faint">
                {[agentName(agent), elapsed(of, agent), agent.usage?.cost !== undefined && money(agent.usage.cost)]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </p>
            <span class="grow">{doing(agent)}</span>
            <span class="faint">{fullness(agent)}</span>
          </li>
        ))}
      </ol>
      {working.length > DRAWN && (
        <button type="button" class="quiet" onClick={() => go("agents")}>
          {working.length - DRAWN} more
        </button>
      )}
    </section>
  );
}
