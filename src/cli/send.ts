import { readFileSync } from "node:fs";
import { Refusal } from "../core/refusal.ts";
import type { Message } from "../core/state.ts";
import { type Call, type CommandSpec, isSet, text } from "./command.ts";
import { handOver } from "./hand-over.ts";
import { firstWord, spoken } from "./send/first-word.ts";
import { line, paint } from "./style.ts";

/** Says why a message waits, each reason once: it may take as long as the agent's turn. */
function reasonTeller(): (message: Message) => void {
  let last = "";
  return ({ reason }) => {
    if (reason !== "" && reason !== last) console.error(paint("dim", `waits: ${line(reason)}`));
    last = reason;
  };
}

const KEYS = ["Escape", "C-c", "Enter", "Up", "Down"];

async function press({ words, daemon, isJson, print }: Call, key: string): Promise<number> {
  const [to = "", ...more] = words;
  if (more.length > 0) throw new Refusal("usage", "--key and a text are two messages", "send one after the other");
  if (!KEYS.includes(key)) throw new Refusal("usage", `--key ${key} is no key that can be pressed`, KEYS.join(", "));
  const client = await daemon();
  const pressed = await client.post<{ agent: string }>(`/api/actions/jobs/${encodeURIComponent(to)}/key`, { key });
  print(isJson ? JSON.stringify(pressed) : `pressed ${key}`);
  return 0;
}

export const command: CommandSpec = {
  name: "send",
  usage: "send ID TEXT|- [--urgent] [--wait], send ID --key KEY",
  summary:
    "Sends a message to an agent: literal text of any size, typed once when the agent is idle and nobody types there. Says delivered, or queued and why.",
  examples: [
    'muster send a1b2c3d4 "please add a test"',
    "muster send PeerA - < notes.md",
    "muster send a1b2 --key Escape",
  ],
  flags: {
    urgent: { type: "boolean", help: "may be typed while the agent works, where its CLI queues" },
    key: { type: "string", value: "KEY", help: "press a key instead: Escape, C-c, Enter, Up, Down" },
    mid: { type: "string", value: "MID", help: "id of the message: sending it again with the same id changes nothing" },
    wait: { type: "boolean", help: "wait until it is delivered, uncertain or dead; 1 when it is not delivered" },
  },
  takes: [1, 2],
  async run(call) {
    const { words, flags, daemon, isJson, isTty, print } = call;
    const key = text(flags, "key");
    if (key !== undefined) return press(call, key);
    if (words.length < 2) throw new Refusal("usage", "send takes 2 words, not 1", "muster send ID TEXT");
    const [to = "", given = ""] = words;
    const message = given === "-" ? readFileSync(0, "utf8") : given;
    if (message.trim() === "") throw new Refusal("usage", "the message is empty", `muster send ${to} "what to say"`);
    const body = { message, urgent: isSet(flags, "urgent"), mid: text(flags, "mid") };
    const mid = await handOver(daemon, `/api/actions/jobs/${encodeURIComponent(to)}/send`, body);
    const told = isTty && !isJson ? reasonTeller() : undefined;
    const client = await daemon();
    const { state, reason } = isSet(flags, "wait") ? await client.settled(mid, told) : await firstWord(client, mid);
    print(isJson ? JSON.stringify({ mid, state, ...(reason ? { reason } : {}) }) : spoken(mid, state, reason));
    return state === "delivered" || state === "queued" ? 0 : 1;
  },
};
