import { Refusal } from "../core/refusal.ts";
import type { State } from "../core/state.ts";
import type { CommandSpec } from "./command.ts";
import { text } from "./command.ts";

export const command: CommandSpec = {
  name: "answer",
  usage: "answer ID allow|deny [--reason TEXT]",
  summary: "Answers the permission dialog of an agent through its hook; no key is pressed.",
  examples: ["muster answer a1b2 allow", 'muster answer a1b2 deny --reason "not on main"'],
  flags: { reason: { type: "string", value: "TEXT", help: "what the agent is told" } },
  takes: [2, 2],
  async run({ words, flags, daemon, isJson, print }) {
    const [id = "", choice] = words;
    if (choice !== "allow" && choice !== "deny") throw new Refusal("usage", `${choice} is neither allow nor deny`);
    const client = await daemon();
    const row = await client.get<{ agent: string }>(`/api/jobs/${encodeURIComponent(id)}`);
    const { state } = await client.get<{ state: State }>("/api/state");
    const question = state.agents[row.agent]?.question?.id;
    if (!question) throw new Refusal("state", `agent ${row.agent} asks nothing`, "muster status shows what it does");
    await client.post(`/api/actions/jobs/${row.agent}/answer`, { question, choice, reason: text(flags, "reason") });
    print(isJson ? JSON.stringify({ agent: row.agent, choice }) : `${choice} sent to ${row.agent}`);
    return 0;
  },
};
