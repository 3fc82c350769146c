import type { JobRow } from "../core/job-row.ts";
import type { CommandSpec } from "./command.ts";

/** States in which nothing new will be printed. */
const ENDED = ["completed", "failed", "lost"];

export const command: CommandSpec = {
  name: "watch",
  usage: "watch ID",
  summary: "Follows what an agent's terminal prints from now on, until its job ends.",
  examples: ["muster watch a1b2"],
  flags: {},
  takes: [1, 1],
  async run({ words, daemon }) {
    const client = await daemon();
    const row = await client.get<JobRow>(`/api/jobs/${encodeURIComponent(words[0] ?? "")}`);
    const ending = new AbortController();
    process.once("SIGINT", () => ending.abort());
    const agent = row.agent;
    const follow = (async () => {
      for await (const { bytes } of client.terminal(agent, ending.signal)) process.stdout.write(bytes);
    })().catch(() => {});
    if (!ENDED.includes(row.state)) {
      for await (const { facts } of client.follow(ending.signal)) {
        if (facts.some((fact) => fact.type === "job.finished" && fact.job === row.id)) break;
        if (facts.some((fact) => fact.type === "terminal.exited" && fact.agent === agent)) break;
      }
    }
    ending.abort();
    await follow;
    return 0;
  },
};
