import type { CommandSpec } from "./command.ts";

export const command: CommandSpec = {
  name: "resume",
  usage: "resume ID",
  summary:
    "Lets an agent go on that its account's usage limit has stopped: where config.yaml says limits.resume: false, or before the time that the CLI named. Tasks of the queue that waited for that account go on as well.",
  examples: ["muster resume a1b2"],
  flags: {},
  takes: [1, 1],
  async run({ words, daemon, isJson, print }) {
    const [id = ""] = words;
    const done = await (await daemon()).post<{ agent: string }>(
      `/api/actions/jobs/${encodeURIComponent(id)}/resume`,
      {},
    );
    print(isJson ? JSON.stringify(done) : `agent ${done.agent} goes on`);
    return 0;
  },
};
