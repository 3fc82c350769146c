import type { Client } from "../client/client.ts";
import type { ConsoleReply } from "../core/api.ts";
import { knownOf } from "../core/console-completion.ts";
import { type ConsoleLine, parseConsoleLine } from "../core/console-line.ts";
import { Refusal } from "../core/refusal.ts";
import type { View } from "./view.ts";

/** What the console does by itself. */
export interface Local {
  leave(): void;
  help(): void;
  pasteImage(): Promise<void>;
}

/** A person's answer to the permission question of a peer, by the way that any client has. */
async function answerQuestion(client: Client, { state, team, name }: View, words: string[], choice: "allow" | "deny") {
  const [peer = "", ...reason] = words;
  const wanted = peer.toLowerCase();
  const seat = team?.seats.find((one) =>
    [one.seat.toLowerCase(), `${one.seat.slice(4).toLowerCase()}`].includes(wanted),
  );
  const question = seat && state?.agents[seat.agent]?.question;
  if (!seat || !question) {
    const { asker } = knownOf(state, name, []);
    throw new Refusal("state", `${peer} asks nothing`, asker.length > 0 ? `asking: ${asker.join(", ")}` : "");
  }
  const body = { question: question.id, choice, ...(reason.length > 0 ? { reason: reason.join(" ") } : {}) };
  await client.post(`/api/actions/jobs/${seat.agent}/answer`, body);
  return { lines: [`${seat.seat}: ${choice === "allow" ? "allowed" : "denied"}`], tone: "good" as const };
}

async function runHere(client: Client, view: View, line: ConsoleLine & { kind: "command" }, local: Local) {
  if (line.name === "allow" || line.name === "deny") return answerQuestion(client, view, line.words, line.name);
  if (line.name === "quit") local.leave();
  if (line.name === "help") local.help();
  if (line.name === "paste") await local.pasteImage();
  return null;
}

/** What a person may write for an id: the end of a message's, as the timeline shows it, or the seat of an agent. */
function wholeIds({ timeline, team }: View, line: string): string {
  const [command = "", ...words] = line.split(/(?<=\s)(?=\S)/);
  const whole = (word: string): string => {
    const name = word.trim().toLowerCase();
    const ref = /^[0-9a-f]{6}$/.test(name) ? timeline.refs().find((one) => one.endsWith(`-${name}`)) : undefined;
    const seat = team?.seats.find((one) => one.seat.toLowerCase() === name);
    return word.replace(word.trim(), ref ?? seat?.agent ?? word.trim());
  };
  return command + words.map(whole).join("");
}

/** Commands whose words are ids. */
const OF_IDS = ["why", "release"];

const LOCAL = ["allow", "deny", "quit", "help", "paste"];

/** Carries a line out, here or by the daemon; null = there is nothing to say. A line that is wrong is sent to nobody. */
export async function carryOut(client: Client, view: View, line: string, local: Local): Promise<ConsoleReply | null> {
  const understood = parseConsoleLine(line, view.setting);
  if (understood.kind === "command" && LOCAL.includes(understood.name)) return runHere(client, view, understood, local);
  const full = understood.kind === "command" && OF_IDS.includes(understood.name) ? wholeIds(view, line) : line;
  const path = `/api/teams/${encodeURIComponent(view.name)}/console`;
  return client.post<ConsoleReply>(path, { line: full, channel: "tui" });
}
