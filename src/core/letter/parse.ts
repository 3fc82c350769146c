import { diffsIn } from "../diff.ts";

export const EVENT_KINDS = ["Item", "Progress", "Evidence", "Ask", "Counter", "Risk", "Next", "Sign"] as const;

/** One event line: `Evidence(refs=[commit:abc]): text` (docs/team.md). */
export interface LetterEvent {
  kind: (typeof EVENT_KINDS)[number];
  text: string;
  attributes: Record<string, string>;
  refs: string[];
}

export interface Insight {
  who?: string;
  kind?: string;
  next?: string;
  refs: string[];
}

export interface ParsedLetter {
  /** What the reader gets: without the outer tag, with everything else. */
  text: string;
  hasTag: boolean;
  insight: Insight | null;
  events: LetterEvent[];
  acks: { mid: string; isNack: boolean; reason: string }[];
  /** It acknowledges, and says nothing else. */
  isOnlyAcks: boolean;
  /** Diffs in the letter, byte for byte (P40). */
  patches: string[];
  /** Everything it refers to, once. */
  refs: string[];
  /** A sender which the letter gives itself; its directory alone decides who wrote it (S37). */
  claimedSender?: string;
}

interface Fence {
  language: string;
  lines: string[];
}

const FENCE = /^(`{3,}|~{3,})\s*([A-Za-z0-9_-]*)[^`\r]*\r?$/;
const EVENT = new RegExp(`^\\s*(?:[-*] )?(${EVENT_KINDS.join("|")})(?:\\(([^\\n]*?)\\))?: ?(.*)$`);
const ACK = /^\s*(?:<SYSTEM_NOTES>)?\s*(ack|nack): *([A-Za-z0-9-]+)[ \t]*(.*?)\s*(?:<\/SYSTEM_NOTES>)?\s*$/;
const SENDER = /^\s*from: *(\S+)/i;
/** An AI that lists more has lost the thread; the rest stays words. */
const REFS_LIMIT = 20;

/** Splits a letter into its fences and the lines outside of them. */
function fencesIn(lines: string[]): { fences: Fence[]; outside: string[] } {
  const fences: Fence[] = [];
  const outside: string[] = [];
  let open: { mark: string; fence: Fence } | null = null;
  for (const line of lines) {
    const [, mark, language] = FENCE.exec(line) ?? [];
    if (open && mark?.startsWith(open.mark) && language === "") open = null;
    else if (open) open.fence.lines.push(line);
    else if (mark) {
      open = { mark, fence: { language: (language ?? "").toLowerCase(), lines: [] } };
      fences.push(open.fence);
      outside.push("");
    } else outside.push(line);
  }
  return { fences, outside };
}

const listed = (text: string): string[] =>
  text
    .replace(/^\[|\]$/g, "")
    .split(",")
    .map((ref) => ref.trim().replace(/^["']|["']$/g, ""))
    .filter((ref) => ref !== "");

function attributesIn(text: string): { attributes: Record<string, string>; refs: string[] } {
  const attributes: Record<string, string> = {};
  const refs = listed(/refs=\[([^\]]*)\]?/.exec(text)?.[1] ?? "");
  for (const [, key, value] of text.replace(/refs=\[[^\]]*\]?/, "").matchAll(/(\w+)=([^,]*)/g)) {
    if (key) attributes[key] = (value ?? "").trim();
  }
  return { attributes, refs };
}

function eventOf(line: string): LetterEvent | null {
  const [, kind, attributes = "", text = ""] = EVENT.exec(line) ?? [];
  if (!kind) return null;
  return { kind: kind as LetterEvent["kind"], text: text.trim(), ...attributesIn(attributes) };
}

function insightOf(fence: Fence): Insight {
  const insight: Insight = { refs: [] };
  for (const line of fence.lines) {
    const [, key, value = ""] = /^\s*(who|kind|next|refs)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
    if (key === "refs") insight.refs = listed(value);
    else if (key) insight[key as "who" | "kind" | "next"] = value;
  }
  return insight;
}

/** The inside of the outer tag together with what follows it. */
function untagged(text: string): { text: string; hasTag: boolean } {
  const [, , body, rest] = /^\s*<TO_(PEER|USER)>[ \t]*\r?\n?([\s\S]*)<\/TO_\1>([\s\S]*)$/.exec(text) ?? [];
  if (body === undefined) return { text: text.trim(), hasTag: false };
  return { text: `${body.trim()}\n${(rest ?? "").trim()}`.trim(), hasTag: true };
}

function patchesIn({ fences, outside }: { fences: Fence[]; outside: string[] }): string[] {
  const fenced = fences
    .filter(({ language, lines }) => (language === "diff" || language === "patch") && lines.length > 0)
    .map(({ lines }) => `${lines.join("\n")}\n`);
  return [...fenced, ...diffsIn(outside)];
}

/** Half a dozen rules ask about the same letter, one after the other. */
let latest: { source: string; parsed: ParsedLetter } | undefined;

/** Reads a letter. Pure: a text that follows no form is a letter all the same. What it gives belongs to all who ask. */
export function parseLetter(source: string): ParsedLetter {
  if (latest?.source !== source) latest = { source, parsed: parsed(source) };
  return latest.parsed;
}

function parsed(source: string): ParsedLetter {
  const { text, hasTag } = untagged(source);
  const split = fencesIn(source.split("\n"));
  const insights = split.fences.filter(({ language }) => language === "insight");
  const insight = insights.length > 0 ? insightOf(insights.at(-1) as Fence) : null;
  const events = split.outside.map(eventOf).filter((event): event is LetterEvent => event !== null);
  const acks = split.outside.flatMap((line) => {
    const [, word, mid, reason = ""] = ACK.exec(line) ?? [];
    return mid ? [{ mid, isNack: word === "nack", reason }] : [];
  });
  const refs = [...new Set([...events.flatMap((event) => event.refs), ...(insight?.refs ?? [])])].slice(0, REFS_LIMIT);
  const header = split.outside.filter((line) => !/^<\/?TO_/.test(line.trim())).slice(0, 5);
  const claimedSender = header.map((line) => SENDER.exec(line)?.[1]).find((name) => name !== undefined);
  const said = split.outside.filter((line) => line.trim() !== "" && !/^<\/?TO_/.test(line.trim()) && !ACK.test(line));
  const patches = patchesIn(split);
  const isOnlyAcks = acks.length > 0 && said.length === 0 && patches.length === 0;
  return { text, hasTag, insight, events, acks, isOnlyAcks, patches, refs, claimedSender };
}

/** References that Muster itself can check. */
export const isCheckable = (ref: string): boolean => /^(?:commit:|cmd:.*::\w+$|log:[^#]+#L)/.test(ref);
