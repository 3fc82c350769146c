import { readFileSync } from "node:fs";
import { Refusal } from "../core/refusal.ts";
import type { Message } from "../core/state.ts";
import { type CommandSpec, isSet, text } from "./command.ts";
import { handOver } from "./hand-over.ts";
import { line, paint } from "./style.ts";

/** Says why a message waits, each reason once: it may take as long as the agent's turn. */
function reasonTeller(): (message: Message) => void {
  let last = "";
  return ({ reason }) => {
    if (reason !== "" && reason !== last) console.error(paint("dim", `waits: ${line(reason)}`));
    last = reason;
  };
}

export const command: CommandSpec = {
  name: "send",
  usage: "send ID TEXT|- [--urgent] [--wait]",
  summary:
    "Sends a message to an agent: literal text of any size, typed once when the agent is idle and nobody types there.",
  examples: ['muster send a1b2c3d4 "please add a test"', "muster send PeerA - < notes.md"],
  flags: {
    urgent: { type: "boolean", help: "may be typed while the agent works, where its CLI queues" },
    mid: { type: "string", value: "MID", help: "id of the message: sending it again with the same id changes nothing" },
    wait: { type: "boolean", help: "wait until it is delivered, uncertain or dead; 1 when it is not delivered" },
  },
  takes: [2, 2],
  async run({ words, flags, daemon, isJson, isTty, print }) {
    const [to = "", given = ""] = words;
    const message = given === "-" ? readFileSync(0, "utf8") : given;
    if (message.trim() === "") throw new Refusal("usage", "the message is empty", `muster send ${to} "what to say"`);
    const body = { message, urgent: isSet(flags, "urgent"), mid: text(flags, "mid") };
    const mid = await handOver(daemon, `/api/actions/jobs/${encodeURIComponent(to)}/send`, body);
    const told = isTty && !isJson ? reasonTeller() : undefined;
    const { state, reason } = isSet(flags, "wait")
      ? await (await daemon()).settled(mid, told)
      : { state: "queued" as const, reason: "" };
    if (isJson) print(JSON.stringify({ mid, state, ...(reason ? { reason } : {}) }));
    else print(`${state} ${mid}${reason ? `: ${line(reason)}` : ""}`);
    return state === "delivered" || state === "queued" ? 0 : 1;
  },
};
