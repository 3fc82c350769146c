import { type CommandSpec, isSet } from "./command.ts";

interface Merged {
  agent: string;
  commit: string;
  branch: string;
}

export const command: CommandSpec = {
  name: "merge",
  usage: "merge ID [--squash]",
  summary:
    "Brings the work of an agent's worktree into the branch you stand on. What it did not commit is committed first. Conflicts, and changes of yours that are in the way, are named before anything moves.",
  examples: ["muster merge a1b2", "muster merge a1b2 --squash"],
  flags: { squash: { type: "boolean", help: "one commit of it all" } },
  takes: [1, 1],
  async run({ words, flags, daemon, isJson, print }) {
    const path = `/api/actions/jobs/${encodeURIComponent(words[0] ?? "")}/merge`;
    const merged = await (await daemon()).post<Merged>(path, { squash: isSet(flags, "squash") });
    const { agent, commit, branch } = merged;
    print(isJson ? JSON.stringify(merged) : `${branch} has the work of ${agent}: ${commit.slice(0, 10)}`);
    return 0;
  },
};
