import { readFileSync } from "node:fs";
import { Refusal } from "../core/refusal.ts";
import type { CommandSpec } from "./command.ts";
import { handOver } from "./hand-over.ts";

export const command: CommandSpec = {
  name: "tell",
  usage: "tell peer|user [TEXT|-]",
  summary: "For agents of a team: hands a letter to the peer or the user. It is stored before this returns.",
  examples: ['muster tell peer "CLAIM: ..."', "muster tell user - < summary.md"],
  flags: {},
  takes: [1, 2],
  async run({ words, env, daemon, isJson, print }) {
    const [to, given] = words;
    if (to !== "peer" && to !== "user")
      throw new Refusal("usage", `${to} is neither peer nor user`, "muster tell peer|user");
    if (!env.MUSTER_TOKEN)
      throw new Refusal("state", "this is not an agent's terminal (MUSTER_TOKEN is not set)", "people use muster send");
    const message = given === undefined || given === "-" ? readFileSync(0, "utf8") : given;
    const mid = await handOver(daemon, "/api/messages", { to, text: message });
    print(isJson ? JSON.stringify({ mid }) : `stored ${mid}`);
    return 0;
  },
};
