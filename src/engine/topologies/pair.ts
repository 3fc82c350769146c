import type { Letter } from "../../core/commands.ts";
import type { Hire } from "../../core/facts.ts";
import { type Mid, SYSTEM, type TeamName, USER } from "../../core/ids.ts";
import { mailboxOf } from "../../core/letter/place.ts";

export interface PairOrder {
  repo: string;
  team: TeamName;
  brief: string;
  task?: string;
  hires: (Hire & { seat: string })[];
  mid(): Mid;
}

/** Longest project brief woven into SYSTEM; the rest is named by its path (P24). */
const BRIEF_LIMIT = 64 * 1024;

const contract = (repo: string, seat: string): string => {
  const box = mailboxOf(repo, seat);
  return `## How to communicate
- To your peer: write ${box}/to_peer.md whole; to the user: ${box}/to_user.md. Wait while the file still exists: it is being
  read. Two ways that never lose a letter, however fast you write: \`muster tell peer\` or \`muster tell user\` with the text on
  standard input; or a file written elsewhere and renamed into ${box}/out/ under a name of its own that ends in .to_peer.md
  or .to_user.md (in a sandbox only this one works).
- Form: <TO_PEER> ... </TO_PEER> (or <TO_USER>), then one fence:
  \`\`\`insight
  who: ${seat}
  kind: ask|counter|revise|note|evidence
  next: <one step>
  refs: [commit:..., cmd:...::OK, log:path#L1-9]
  \`\`\`
- Letters to you stand in ${box}/inbox/, oldest first; when done with one, move it to ${box}/processed/.
- A patch: write a unified diff as ${box}/patch.diff (at most 150 changed lines; src, tests, docs, infra, README.md,
  AGENTS.md, PROJECT.md). Muster tests it in a scratch worktree and commits it only when everything passes.`;
};

/** The SYSTEM text: four short chapters, complete before the first message (P23-P26). */
function systemText({ repo, team, brief, hires }: PairOrder, seat: string): string {
  const others = hires.filter((hire) => hire.seat !== seat).map((hire) => `${hire.seat} (${hire.driver})`);
  const bytes = new TextEncoder().encode(brief);
  const cut = bytes.length > BRIEF_LIMIT ? `\n[cut; the whole text is ${repo}/PROJECT.md]` : "";
  const project = cut ? new TextDecoder().decode(bytes.subarray(0, BRIEF_LIMIT)) : brief;
  return `# SYSTEM for ${seat} of team ${team}
## Who you are
You are ${seat}. ${others.length > 0 ? `Your peer is ${others.join(", ")}: an equal. Plan, build, criticise and converge by evidence.` : "You work alone; Muster keeps the rhythm and the user decides."}
## What counts
Only patches, tests, logs and commits change anything; talk never does. A claim counts once Muster itself has checked it.
## How to execute
- Small steps: one patch, one purpose. A failing test comes back to you with its real output.
- An artefact first: EVIDENCE (a small patch or 3-5 stable log lines). No artefact yet: CLAIM (constraints and acceptance). One
  blocking doubt: one decidable QUESTION. Disagreement: say the other's case at its best, then COUNTER with a reproduction.
${contract(repo, seat)}
## The project
${project.trim() || "(PROJECT.md is missing: ask the user what this project is for.)"}${cut}`;
}

/** First letters of a team: SYSTEM to everyone, then the task. */
export function pairLetters(order: PairOrder): Letter[] {
  const { hires, task, team } = order;
  const system = hires.map((hire): Letter => {
    const text = systemText(order, hire.seat);
    return { mid: order.mid(), from: SYSTEM, to: hire.agent, kind: "system", text, team };
  });
  if (!task) return system;
  const tasks = hires.map(
    (hire): Letter => ({ mid: order.mid(), from: USER, to: hire.agent, kind: "letter", text: task, team }),
  );
  return [...system, ...tasks];
}
