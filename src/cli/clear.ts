import type { Client } from "../client/client.ts";
import type { Event } from "../core/facts.ts";
import { Refusal } from "../core/refusal.ts";
import type { CommandSpec } from "./command.ts";

/** How a control ended, once it has. */
async function finished(client: Client, agent: string, control: string): Promise<Event<"control.finished">> {
  const ending = new AbortController();
  try {
    for await (const { state } of client.follow(ending.signal)) {
      if (state.agents[agent]?.controls.some(({ id }) => id === control)) continue;
      const { facts } = await client.get<{ facts: Event[] }>(`/api/ledger?about=${agent}&limit=200`);
      const end = facts.find((fact) => fact.type === "control.finished" && fact.control === control);
      if (end?.type === "control.finished") return end;
      throw new Refusal("failed", `agent ${agent} has ended`, `muster why ${agent}`);
    }
  } finally {
    ending.abort();
  }
  throw new Refusal("unreachable", "the daemon ended");
}

export const command: CommandSpec = {
  name: "clear",
  usage: "clear ID",
  summary:
    "Has an agent's CLI forget its conversation, by its own command. Waits up to 30 s for it to be idle; else nothing is typed and it ends with 1.",
  examples: ["muster clear a1b2"],
  flags: {},
  takes: [1, 1],
  async run({ words, daemon, isJson, print }) {
    const client = await daemon();
    const path = `/api/actions/jobs/${encodeURIComponent(words[0] ?? "")}/clear`;
    const { agent, control } = await client.post<{ agent: string; control: string }>(path, {});
    const { ok, reason } = await finished(client, agent, control);
    if (!ok) throw new Refusal("failed", `agent ${agent} is not cleared: ${reason}`, `muster attach ${agent}`);
    print(isJson ? JSON.stringify({ agent, cleared: true }) : `cleared ${agent}`);
    return 0;
  },
};
