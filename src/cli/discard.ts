import { type CommandSpec, isSet } from "./command.ts";

interface Discarded {
  agent: string;
  kept: string | null;
}

export const command: CommandSpec = {
  name: "discard",
  usage: "discard ID [--force]",
  summary:
    "Removes the worktree of an agent that has ended. Work that is not merged needs --force, and even then nothing is lost: it is committed to the agent's branch, which stays.",
  examples: ["muster discard a1b2"],
  flags: { force: { type: "boolean", help: "also what is not merged; it stays on its branch" } },
  takes: [1, 1],
  async run({ words, flags, daemon, isJson, print }) {
    const path = `/api/actions/jobs/${encodeURIComponent(words[0] ?? "")}/discard`;
    const discarded = await (await daemon()).post<Discarded>(path, { force: isSet(flags, "force") });
    const kept = discarded.kept ? `; its work is on ${discarded.kept}` : "";
    print(isJson ? JSON.stringify(discarded) : `the worktree of ${discarded.agent} is gone${kept}`);
    return 0;
  },
};
