import type { Client } from "../client/client.ts";
import { Refusal } from "../core/refusal.ts";
import type { CommandSpec } from "./command.ts";

const PATIENCE_MS = 15_000;

/** Resolves when nothing of these agents is there any more. */
export async function gone(client: Client, agents: string[]): Promise<void> {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), PATIENCE_MS);
  try {
    for await (const { state } of client.follow(ending.signal)) if (!agents.some((id) => state.agents[id])) return;
  } finally {
    clearTimeout(timer);
    ending.abort();
  }
  throw new Refusal("failed", "its files are not removed yet", "muster ledger tells what is in the way");
}

export const command: CommandSpec = {
  name: "delete",
  usage: "delete ID",
  summary: "Ends an agent, if it lives, and removes all files of its jobs. What happened stays in the ledger.",
  examples: ["muster delete a1b2"],
  flags: {},
  takes: [1, 1],
  async run({ words, daemon, isJson, print }) {
    const client = await daemon();
    const deleted = await client.delete<{ agent: string }>(`/api/jobs/${encodeURIComponent(words[0] ?? "")}`);
    await gone(client, [deleted.agent]);
    print(isJson ? JSON.stringify(deleted) : `deleted ${deleted.agent}`);
    return 0;
  },
};
