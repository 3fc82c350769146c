import { useSignal } from "@preact/signals";
import { agentState } from "../../core/job-state.ts";
import type { Agent } from "../../core/state.ts";
import { preview } from "../../core/text.ts";
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
      <button type="submit">Send</button>
      <p>
        <Sent agent={agent} />
      </p>
    </form>
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
        <span class="faint facts">
          {hire.driver}, <span class={hire.permission}>{hire.permission}</span>, {fullness(agent)}, {hire.cwd}
        </span>
        <span class="grow" />
        {agent.activity === "busy" && (
          <button type="button" class="quiet" onClick={() => void act(`${actions(agent)}/interrupt`, {})}>
            Interrupt
          </button>
        )}
        <EndButton key={hire.agent} agent={agent} />
      </div>
      <Question agent={agent} />
      <TerminalView key={hire.agent} agent={hire.agent} />
      <Composer key={`to ${hire.agent}`} agent={agent} />
    </section>
  );
}
