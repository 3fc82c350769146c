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

interface Arrivals {
  /** Times of arrival of each message. */
  times: Map<string, number[]>;
  /** Position of its first arrival. */
  position: Map<string, number>;
}

function arrivalsIn(prompts: Prompt[], fused: string[]): Arrivals {
  const arrivals: Arrivals = { times: new Map(), position: new Map() };
  for (const { text, at } of prompts) {
    const marks = marksIn(text);
    if (marks.length > 1 || (marks.length === 1 && !isWhole(text))) fused.push(text.slice(0, 120));
    for (const mid of marks) {
      if (!arrivals.position.has(mid)) arrivals.position.set(mid, arrivals.position.size);
      arrivals.times.set(mid, [...(arrivals.times.get(mid) ?? []), at]);
    }
  }
  return arrivals;
}

function countOne(prompts: Prompt[], sent: Sent[], result: Recount): void {
  const { times, position } = arrivalsIn(prompts, result.fused);
  let newest = -1;
  for (const { mid, at } of sent) {
    const [first, ...repeats] = times.get(mid) ?? [];
    if (first === undefined) {
      result.lost.push(mid);
      continue;
    }
    result.arrived += 1;
    result.slowestMs = Math.max(result.slowestMs, first - at);
    if (repeats.length > 0) result.doubled.push(mid);
    const index = position.get(mid) ?? 0;
    if (index < newest) result.reordered.push(mid);
    newest = Math.max(newest, index);
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
