import { useSignal } from "@preact/signals";
import { agentState } from "../../core/job-state.ts";
import type { Agent, State } from "../../core/state.ts";
import { preview } from "../../core/text.ts";
import { Changes } from "../agent/changes.tsx";
import { Conversation } from "../agent/conversation.tsx";
import { Events } from "../agent/events.tsx";
import { Order } from "../agent/order.tsx";
import { AgentTabs, tab } from "../agent/tabs.tsx";
import { selected } from "../choice.ts";
import { act, state } from "../store.ts";
import { TerminalView } from "../terminal/view.tsx";
import { agentName, deliveryWords, evidenceWords, fullness } from "../words.ts";
import { Badge } from "./badge.tsx";
import { actions, Question } from "./question.tsx";

/** Ending an agent takes two clicks. */
function EndButton({ agent }: { agent: Agent }) {
  const isSure = useSignal(false);
  if (agent.dismissed) return null;
  const end = () => {
    if (isSure.value) void act(`${actions(agent)}/kill`, {});
    isSure.value = !isSure.value;
  };
  return (
    <button type="button" class={isSure.value ? "danger" : "quiet"} onClick={end} onBlur={() => (isSure.value = false)}>
      {isSure.value ? "End it for good?" : "End"}
    </button>
  );
}

/** Begins its conversation anew; only an agent that rests can. */
function ClearButton({ agent }: { agent: Agent }) {
  if (agent.dismissed || agent.activity !== "idle" || agent.turns === 0) return null;
  return (
    <button type="button" class="quiet" onClick={() => void act(`${actions(agent)}/clear`, {})}>
      Clear
    </button>
  );
}

/** The last message that a person sent here, and where it is. */
function Sent({ agent }: { agent: Agent }) {
  const last = Object.values(state.value?.messages ?? {}).findLast(
    (message) => message.to === agent.hire.agent && message.from === "user",
  );
  if (!last) return <span class="faint">It is typed when the agent is idle and nobody else types there.</span>;
  return (
    <span class={`delivery ${last.state}`} title={evidenceWords(last)}>
      {deliveryWords(last)} <span class="faint">“{preview(last.preview, 60)}”</span>
    </span>
  );
}

function Composer({ agent }: { agent: Agent }) {
  const text = useSignal("");
  if (agent.dismissed) return null;
  const send = async () => {
    const message = text.value;
    if (message.trim() === "") return;
    if (await act(`${actions(agent)}/send`, { message })) text.value = "";
  };
  const reuse = async () => {
    if (text.value.trim() === "") return;
    if (await act(`${actions(agent)}/reuse`, { prompt: text.value })) text.value = "";
  };
  const job = agent.job ? state.value?.jobs[agent.job] : undefined;
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <input
        aria-label={`Message to ${agentName(agent)}`}
        placeholder={`Message to ${agentName(agent)}`}
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
      />
      <span class="ways">
        <button type="submit">Send</button>
        {job?.outcome && (
          <button
            type="button"
            class="quiet"
            title="Clears its conversation and gives it this as another job"
            onClick={() => void reuse()}
          >
            New job
          </button>
        )}
      </span>
      <p>
        <Sent agent={agent} />
      </p>
    </form>
  );
}

/** What the chosen tab shows. */
function Shown({ of, agent }: { of: State; agent: Agent }) {
  if (tab.value === "Terminal") return <TerminalView agent={agent.hire.agent} />;
  return (
    <div class="scroll told" role="tabpanel" aria-label={tab.value}>
      {tab.value === "Conversation" && <Conversation agent={agent} />}
      {tab.value === "Changes" && <Changes agent={agent} />}
      {tab.value === "Order" && <Order of={of} agent={agent} />}
      {tab.value === "Events" && <Events of={of} agent={agent} />}
    </div>
  );
}

/** The selected agent: what it is, its terminal, and the ways to speak to it. */
export function Desk() {
  const of = state.value;
  const agent = selected.value;
  if (!of || !agent) {
    return (
      <section class="part desk" aria-label="Terminal">
        <div class="first">
          <h2>Nobody works yet</h2>
          <p>In a terminal, in a git repository of yours:</p>
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
              <code>muster doctor</code>
            </dt>
            <dd>what is there for it, and what is missing</dd>
          </dl>
          <p>The terminal of the agent you choose is shown here. You can read it and type into it.</p>
        </div>
      </section>
    );
  }
  const { hire } = agent;
  return (
    <section class="part desk" aria-label="Terminal">
      <div class="title">
        <h2>{agentName(agent)}</h2>
        <Badge state={agentState(of, agent)} />
        <span class="faint facts" title={`${hire.driver}, ${hire.permission}, ${fullness(agent)}, ${hire.cwd}`}>
          {hire.driver}, <span class={hire.permission}>{hire.permission}</span>, {fullness(agent)}, {hire.cwd}
        </span>
        <span class="grow" />
        {agent.activity === "busy" && (
          <button type="button" class="quiet" onClick={() => void act(`${actions(agent)}/interrupt`, {})}>
            Interrupt
          </button>
        )}
        <ClearButton agent={agent} />
        <EndButton key={hire.agent} agent={agent} />
      </div>
      <Question agent={agent} />
      <AgentTabs />
      <Shown key={`${tab.value} ${hire.agent}`} of={of} agent={agent} />
      <Composer key={`to ${hire.agent}`} agent={agent} />
    </section>
  );
}
