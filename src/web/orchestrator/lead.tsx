import { useSignal } from "@preact/signals";
import { LEAD } from "../../core/ids.ts";
import { leadView } from "../../core/lead/view.ts";
import type { State } from "../../core/state.ts";
import { select } from "../choice.ts";
import { act } from "../store.ts";
import { fullness } from "../words.ts";

/** Where the lead is to work: where somebody worked last. */
function lastFolder({ agents, teams, queue }: State): string {
  const [hire] = Object.values(agents).toReversed();
  const [task] = Object.values(queue.tasks).toReversed();
  const [team] = Object.values(teams).toReversed();
  return hire?.hire.cwd ?? task?.order.cwd ?? team?.repo ?? "";
}

function Start({ of }: { of: State }) {
  const cwd = useSignal(lastFolder(of));
  const agent = useSignal("claude");
  return (
    <form
      class="inline"
      onSubmit={(event) => {
        event.preventDefault();
        void act("/api/orchestrator/start", { cwd: cwd.value, agent: agent.value });
      }}
    >
      <label>
        Folder
        <input value={cwd.value} placeholder="/path" onInput={(event) => (cwd.value = event.currentTarget.value)} />
      </label>
      <label>
        CLI
        <input value={agent.value} size={8} onInput={(event) => (agent.value = event.currentTarget.value)} />
      </label>
      <button type="submit">Start the lead</button>
    </form>
  );
}

function Tell() {
  const text = useSignal("");
  const tell = async () => {
    if (text.value.trim() === "") return;
    if (await act("/api/orchestrator/inject", { message: text.value })) text.value = "";
  };
  return (
    <form
      class="inline"
      onSubmit={(event) => {
        event.preventDefault();
        void tell();
      }}
    >
      <input
        class="grow"
        aria-label="Message to the lead"
        placeholder="Message to the lead"
        value={text.value}
        onInput={(event) => (text.value = event.currentTarget.value)}
      />
      <button type="submit">Send</button>
    </form>
  );
}

/** The lead: whether it is there, how full it is, what it works on. */
export function LeadPanel({ of }: { of: State }) {
  const view = leadView(of);
  const agent = of.agents[LEAD];
  const isThere = view.status !== "stopped";
  return (
    <section class="panel lead" aria-label="Lead">
      <h2>
        Lead <span class={`badge ${isThere ? "blue" : "grey"}`}>{view.status}</span>
        <span class="grow" />
        {isThere && (
          <>
            <button type="button" class="quiet small" onClick={() => select(LEAD)}>
              Terminal
            </button>
            <button type="button" class="quiet small" onClick={() => void act("/api/orchestrator/stop", {})}>
              Stop
            </button>
          </>
        )}
      </h2>
      {isThere && agent ? (
        <>
          <p>
            {fullness(agent)}
            {view.active_agents.length > 0 && `, ${view.active_agents.length} agents at work`}
          </p>
          <p class="faint">
            {view.current_task
              ? `works on #${view.current_task.id}: ${view.current_task.description}`
              : "has no task of the queue"}
          </p>
          {view.notes && (
            <details>
              <summary>Its notes</summary>
              <pre>{view.notes}</pre>
            </details>
          )}
          <Tell />
        </>
      ) : (
        <>
          <p class="faint">
            One agent that plans, gives tasks to others, and checks them. It is never started unasked.
          </p>
          <Start of={of} />
        </>
      )}
    </section>
  );
}
