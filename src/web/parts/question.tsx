import { asksByScreen } from "../../core/needs.ts";
import type { Agent } from "../../core/state.ts";
import { toolInput } from "../../core/tool-input.ts";
import { act } from "../store.ts";
import { agentName } from "../words.ts";
import { DialogBox } from "./dialog.tsx";

/** Where an agent takes what a person wants of it. */
export const actions = (agent: Agent): string => `/api/actions/jobs/${agent.hire.agent}`;

/** The open permission question of an agent, with yes and no; or the dialog on its screen. */
export function Question({ agent }: { agent: Agent }) {
  const { question } = agent;
  if (asksByScreen(agent)) return <DialogBox agent={agent.hire.agent} since={agent.since} />;
  if (!question) return null;
  const answer = (choice: "allow" | "deny") => act(`${actions(agent)}/answer`, { question: question.id, choice });
  return (
    <div class="question" role="alert">
      <p>
        <b>{agentName(agent)}</b> asks to use <b>{question.tool}</b>
      </p>
      <pre>{toolInput(question.input)}</pre>
      <button type="button" onClick={() => void answer("allow")}>
        Allow once
      </button>
      <button type="button" class="quiet" onClick={() => void answer("deny")}>
        Deny
      </button>
    </div>
  );
}
