import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { marksIn } from "../../core/mark.ts";

/** What was sent, as the sender wrote it down before sending. */
export interface Sent {
  mid: string;
  receiver: string;
  at: number;
}

/** What the receivers' transcripts say, counted without asking the daemon or its ledger. */
export interface Recount {
  sent: number;
  arrived: number;
  lost: string[];
  doubled: string[];
  fused: string[];
  reordered: string[];
  slowestMs: number;
}

interface Prompt {
  text: string;
  at: number;
}

/** Prompts that the model got: the user lines of a transcript in Claude Code's form. */
function promptsOf(path: string): Prompt[] {
  const prompts: Prompt[] = [];
  for (const line of readFileSync(path, "utf8").split("\n")) {
    if (line === "") continue;
    const entry = JSON.parse(line) as { type?: string; timestamp?: string; message?: { content?: unknown } };
    const content = entry.message?.content;
    if (entry.type === "user" && typeof content === "string")
      prompts.push({ text: content, at: Date.parse(entry.timestamp ?? "") });
  }
  return prompts;
}

/** Exactly one of our texts and nothing else. */
const isWhole = (text: string): boolean => /^From [^⟦]{1,60}⟦m:([A-Za-z0-9-]+)⟧[^⟦]*⟦\/m:\1⟧$/s.test(text.trim());

function countOne(prompts: Prompt[], sent: Sent[], result: Recount): void {
  const arrivals = new Map<string, number[]>();
  const order: string[] = [];
  for (const { text, at } of prompts) {
    const marks = marksIn(text);
    if (marks.length > 1 || (marks.length === 1 && !isWhole(text))) result.fused.push(text.slice(0, 120));
    for (const mid of marks) {
      if (!arrivals.has(mid)) order.push(mid);
      arrivals.set(mid, [...(arrivals.get(mid) ?? []), at]);
    }
  }
  const position = new Map(order.map((mid, index) => [mid, index]));
  let before = -1;
  for (const { mid, at } of sent) {
    const times = arrivals.get(mid);
    if (!times) {
      result.lost.push(mid);
      continue;
    }
    result.arrived += 1;
    if (times.length > 1) result.doubled.push(mid);
    result.slowestMs = Math.max(result.slowestMs, (times[0] ?? at) - at);
    const index = position.get(mid) ?? 0;
    if (index < before) result.reordered.push(mid);
    before = Math.max(before, index);
  }
}

/** Reads `sent.jsonl` and `transcripts/<receiver>*.jsonl` of a proof's folder; nothing else. */
export function recount(folder: string): Recount {
  const lines = readFileSync(join(folder, "sent.jsonl"), "utf8").split("\n").filter(Boolean);
  const sent = lines.map((line) => JSON.parse(line) as Sent);
  const result: Recount = {
    sent: sent.length,
    arrived: 0,
    lost: [],
    doubled: [],
    fused: [],
    reordered: [],
    slowestMs: 0,
  };
  const names = readdirSync(join(folder, "transcripts")).sort();
  for (const receiver of new Set(sent.map((one) => one.receiver))) {
    const prompts = names
      .filter((name) => name.startsWith(receiver))
      .flatMap((name) => promptsOf(join(folder, "transcripts", name)));
    countOne(
      prompts,
      sent.filter((one) => one.receiver === receiver),
      result,
    );
  }
  return result;
}
