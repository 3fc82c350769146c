import type { Client } from "../client/client.ts";
import type { Event } from "../core/facts.ts";
import type { JobRow } from "../core/job-row.ts";
import { Refusal } from "../core/refusal.ts";
import type { CommandSpec } from "./command.ts";
import { text } from "./command.ts";

/** The hook that waits reads its answer within milliseconds. */
const PATIENCE_MS = 5000;

/** Sends the answer once the stream is open, and says whether the dialog took it; null = nobody told in time. */
async function isTaken(client: Client, question: string, send: () => Promise<unknown>): Promise<boolean | null> {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), PATIENCE_MS);
  const isIts = (fact: Event) => fact.type === "permission.told" && fact.question === question;
  try {
    let sent: Promise<unknown> | undefined;
    for await (const { facts } of client.follow(ending.signal)) {
      sent ??= send();
      await sent;
      const told = facts.find(isIts);
      if (told?.type === "permission.told") return told.ok;
    }
    return null;
  } finally {
    clearTimeout(timer);
    ending.abort();
  }
}

export const command: CommandSpec = {
  name: "answer",
  usage: "answer ID allow|deny [--reason TEXT]",
  summary: "Answers the permission dialog of an agent through its hook; no key is pressed.",
  examples: ["muster answer a1b2 allow", 'muster answer a1b2 deny --reason "not on main"'],
  flags: { reason: { type: "string", value: "TEXT", help: "what the agent is told" } },
  takes: [2, 2],
  async run({ words, flags, daemon, isJson, print }) {
    const [id = "", choice] = words;
    if (choice !== "allow" && choice !== "deny")
      throw new Refusal("usage", `${choice} is neither allow nor deny`, `muster answer ${id} allow, or deny`);
    const client = await daemon();
    const { agent, state, question } = await client.get<JobRow>(`/api/jobs/${encodeURIComponent(id)}`);
    const enter = `muster attach ${agent} opens its terminal`;
    if (!question && state === "needs_user")
      throw new Refusal("state", `the dialog of ${agent} takes no answer from here any more`, enter);
    if (!question) throw new Refusal("state", `agent ${agent} asks nothing`, "muster status shows what it does");
    const body = { question: question.id, choice, reason: text(flags, "reason") };
    const taken = await isTaken(client, question.id, () => client.post(`/api/actions/jobs/${agent}/answer`, body));
    if (taken === false) throw new Refusal("state", `the dialog of ${agent} no longer waits for an answer`, enter);
    print(
      isJson ? JSON.stringify({ agent, choice, taken }) : `${choice}: ${agent} ${taken ? "has" : "gets"} the answer`,
    );
    return 0;
  },
};
