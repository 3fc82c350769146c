import { mailboxContract, peerRules, SPEAK_UP } from "./chapters.ts";
import { bindings, type Order, rulesFile, rulesOf } from "./place.ts";

/** Longest project brief woven into a text; the rest is named by its path (P24). */
const BRIEF_LIMIT = 64 * 1024;

/** PROJECT.md in full, or as much of it as a text may hold. */
function project(repo: string, brief: string): string {
  const bytes = new TextEncoder().encode(brief);
  if (bytes.length <= BRIEF_LIMIT)
    return brief.trim() || "(PROJECT.md is missing: ask the user what this project is for.)";
  const head = new TextDecoder().decode(bytes.subarray(0, BRIEF_LIMIT));
  return `${head.trim()}\n[cut; the whole text is ${repo}/PROJECT.md]`;
}

/** The first text of a member: short, complete, with PROJECT.md in full (P23-P25). */
export function systemText(order: Order, seat: string, brief: string): string {
  const peer = order.hires.find((hire) => hire.seat !== seat);
  const who = peer
    ? `You are ${seat}. Your peer is ${peer.seat} (${peer.driver}): an equal. Plan, build, criticise and converge by evidence.`
    : `You are ${seat}. You work alone; Muster keeps the rhythm and the user decides.`;
  return `# SYSTEM for ${seat} of team ${order.team}
## Who you are
${who} Bindings: ${bindings(order)}.
## What everything refers to
Your rules: ${rulesOf(order.repo)}/${rulesFile(seat)}. Read them now; local.md beside them is the user's own and wins.
## How to execute
Only patches, tests, logs and commits change anything; talk never does. A claim counts once Muster itself has checked it.
Small steps: one patch, one purpose. A failing test comes back to you with its real output.
${SPEAK_UP}
## How to communicate
${mailboxContract(order, seat)}
## The project
${project(order.repo, brief)}`;
}

/** PROJECT.md and the rules in full, once more (P54); `local`: the user's own rules. */
export const refreshText = (order: Order, seat: string, brief: string, local: string): string =>
  `# SYSTEM for ${seat} of team ${order.team}, again
${peerRules(order, seat)}${local.trim() ? `\n\n## The user's own rules\n${local.trim()}` : ""}

## The project
${project(order.repo, brief)}`;

const AUX_RULES = `## 1. Who you are
You are Aux: asked once, you answer once. Whoever asked stays the reviewer and the owner of the evidence.

## 2. What everything refers to
The prompt, the files it names, and docs/por/POR.md.

## 3. How to execute
Look, do not change, unless the prompt asks for a change. Do one thing. Say what you did not do.

## 4. How to communicate
Print your answer: the conclusion first, then evidence (files with line numbers, commands with their results), then what is open.`;

const foremanRules = ({ repo }: Order): string => `## 1. Who you are
You are the Foreman: the user's proxy on a timer. Each run does one small task without a dialogue, or asks the right peer for one thing in
the user's voice.

## 2. What everything refers to
FOREMAN_TASK.md: what the user wants looked after. PROJECT.md, docs/por/POR.md. You never edit POR, and you never approve anything.

## 3. How to execute
One run, one thing: the most useful now. When nothing is worth it, say so and end.

## 4. How to communicate
A request: write ${repo}/.muster/mailbox/foreman/to_peer.md with the header lines
To: Both|PeerA|PeerB
CC: user (only when the user should see it)
then <TO_PEER> ... </TO_PEER>: short, one decidable request. What you print is kept; it is delivered only when it has exactly that form.`;

const HEAD = "<!-- Made by Muster from the settings; rules of your own go into local.md beside this file. -->\n\n";

/** The rules files of a team by name. */
export function rulebook(order: Order): Record<string, string> {
  const files = order.hires.map(({ seat }) => [rulesFile(seat), peerRules(order, seat)] as const);
  const more = [
    ["AUX.md", AUX_RULES],
    ["FOREMAN.md", foremanRules(order)],
  ] as const;
  return Object.fromEntries([...files, ...more].map(([name, text]) => [name, `${HEAD}${text}\n`]));
}
