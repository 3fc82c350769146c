import { readFileSync } from "node:fs";
import { type CommandSpec, isSet, text } from "./command.ts";

export const command: CommandSpec = {
  name: "send",
  usage: "send ID TEXT|- [--urgent] [--wait]",
  summary:
    "Sends a message to an agent: literal text of any size, typed once when the agent is idle and nobody types there.",
  examples: ['muster send a1b2c3d4 "please add a test"', "muster send PeerA - < notes.md"],
  flags: {
    urgent: { type: "boolean", help: "may be typed while the agent works, where its CLI queues" },
    mid: { type: "string", value: "MID", help: "id of the message: sending it again with the same id changes nothing" },
    wait: { type: "boolean", help: "wait until it is delivered, uncertain or dead" },
  },
  takes: [2, 2],
  async run({ words, flags, daemon, isJson, print }) {
    const message = words[1] === "-" ? readFileSync(0, "utf8") : words[1];
    const client = await daemon();
    const body = { message, urgent: isSet(flags, "urgent"), mid: text(flags, "mid") };
    const { mid } = await client.post<{ mid: string }>(
      `/api/actions/jobs/${encodeURIComponent(words[0] ?? "")}/send`,
      body,
    );
    const state = isSet(flags, "wait") ? await client.settled(mid) : "queued";
    print(isJson ? JSON.stringify({ mid, state }) : `${state} ${mid}`);
    return state === "delivered" || state === "queued" ? 0 : 1;
  },
};
