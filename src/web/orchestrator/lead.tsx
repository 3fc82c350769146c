import { useSignal } from "@preact/signals";
import { LEAD, LEADS } from "../../core/ids.ts";
import { leadName } from "../../core/lead/state.ts";
import { type LeadView, leadViews } from "../../core/lead/view.ts";
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

/** Starts the first lead, or one more that shares its queue. */
function Start({ of, lead }: { of: State; lead: string }) {
  const cwd = useSignal(lastFolder(of));
  const agent = useSignal("claude");
  const tags = useSignal("");
  const isMore = lead !== LEAD;
  const wished = () => tags.value.split(/[\s,]+/).filter(Boolean);
  return (
    <form
      class="inline"
      onSubmit={(event) => {
        event.preventDefault();
        void act("/api/orchestrator/start", { lead, tags: wished(), cwd: cwd.value, agent: agent.value });
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
      {isMore && (
        <label>
          For tags
          <input
            value={tags.value}
            placeholder="frontend, docs"
            onInput={(event) => (tags.value = event.currentTarget.value)}
          />
        </label>
      )}
      <button type="submit">{isMore ? `Start ${lead}` : "Start the lead"}</button>
    </form>
  );
}

function Tell({ lead }: { lead: string }) {
  const text = useSignal("");
  const label = `Message to ${leadName(lead)}`;
  const tell = async () => {
    if (text.value.trim() === "") return;
    if (await act("/api/orchestrator/inject", { message: text.value, lead })) text.value = "";
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
        aria-label={label}
        placeholder={label}
        value={text.value}
        onInput={(event) => (text.value = event.currentTarget.value)}
      />
      <button type="submit">Send</button>
    </form>
  );
}

/** One lead: how full it is, what it works on. */
function Living({ of, view, isOneOfMany }: { of: State; view: LeadView; isOneOfMany: boolean }) {
  const { id, status, tags, is_leader: isLeader, current_task: task, active_agents: agents, notes } = view;
  const agent = of.agents[id];
  return (
    <section class="panel lead" aria-label={isOneOfMany ? `Lead ${id}` : "Lead"}>
      <h2>
        {isOneOfMany ? id : "Lead"} <span class="badge blue">{status}</span>
        {isOneOfMany && isLeader && (
          <span class="badge grey" title="What triggers and you say to the lead goes to it">
            leads
          </span>
        )}
        <span class="grow" />
        <button type="button" class="quiet small" onClick={() => select(id)}>
          Terminal
        </button>
        <button type="button" class="quiet small" onClick={() => void act("/api/orchestrator/stop", { lead: id })}>
          Stop
        </button>
      </h2>
      <p>
        {agent && fullness(agent)}
        {agents.length > 0 && `, ${agents.length} agents at work`}
        {tags.length > 0 && `, for ${tags.join(", ")}`}
      </p>
      <p class="faint">{task ? `works on #${task.id}: ${task.description}` : "has no task of the queue"}</p>
      {notes && (
        <details>
          <summary>Its notes</summary>
          <pre>{notes}</pre>
        </details>
      )}
      <Tell lead={id} />
    </section>
  );
}

/** The leads there are, and how there is one, or one more. */
export function LeadPanel({ of }: { of: State }) {
  const living = leadViews(of).filter(({ status }) => status !== "stopped");
  const free = LEADS.find((lead) => living.every(({ id }) => id !== lead));
  if (living.length === 0)
    return (
      <section class="panel lead" aria-label="Lead">
        <h2>
          Lead <span class="badge grey">stopped</span>
        </h2>
        <p class="faint">One agent that plans, gives tasks to others, and checks them. It is never started unasked.</p>
        <Start of={of} lead={LEAD} />
      </section>
    );
  return (
    <>
      {living.map((view) => (
        <Living key={view.id} of={of} view={view} isOneOfMany={living.length > 1 || view.id !== LEAD} />
      ))}
      {free && (
        <section class="panel lead more" aria-label="Another lead">
          <details>
            <summary>Another lead</summary>
            <p class="faint">
              It shares the queue: a task goes to the free lead that is for its tags, else to the one with most room in
              its context.
            </p>
            <Start of={of} lead={free} />
          </details>
        </section>
      )}
    </>
  );
}
