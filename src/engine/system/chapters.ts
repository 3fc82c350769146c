import { mailboxOf } from "../../core/letter/place.ts";
import { isSolo, type Order, rulesOf } from "./place.ts";

/** Where letters go and how they look; part of SYSTEM and of the rules. */
export function mailboxContract(order: Order, seat: string): string {
  const box = mailboxOf(order.repo, seat);
  const peer = isSolo(order)
    ? `- Work log, read by Muster: write ${box}/to_peer.md whole; to the user: ${box}/to_user.md.`
    : `- To your peer: write ${box}/to_peer.md whole; to the user: ${box}/to_user.md.`;
  return `${peer} Wait while the file still exists: it is being
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
- Letters to you stand in ${box}/inbox/, oldest first, marked <FROM_USER>, <FROM_PeerA>, <FROM_PeerB> or <FROM_SYSTEM>; when done
  with one, move it to ${box}/processed/.
- A patch: write a unified diff as ${box}/patch.diff (at most ${order.settings.policies.patch_queue.max_diff_lines} changed lines; ${allowed(order)}).
  Muster tests it in a scratch worktree and commits it only when everything passes.`;
}

const allowed = ({ settings }: Order): string => {
  const paths = settings.policies.patch_queue.allowed_paths.map((glob) => glob.replace(/\/\*\*$/, ""));
  return `only in ${paths.join(", ")}`;
};

/** When to speak up, with how little (P26). */
export const SPEAK_UP = `- A message with [MID]: ACK it. The smallest artefact you have: EVIDENCE (a small patch or test, else 3-5 stable log lines with the
  command and line numbers). No artefact yet: CLAIM (1-3 tasks, each with constraints and acceptance). One blocking doubt: one
  decidable QUESTION. Disagreement: say the other's case at its best, then COUNTER with a reproduction or a measure.`;

/** The lines of a letter that Muster reads, and what holds a letter up. */
const eventLines = ({ settings }: Order): string => {
  const most = settings.policies.loop_damping.max_handoffs_without_evidence;
  const damping =
    most > 0
      ? ` After ${most} letters without new evidence, patch\n  or decision the talk stops until there is some.`
      : "";
  return `- Lines that Muster reads, each at the start of a line, at most three to an item:
  Item(label): title / Progress(tag=impl): ... / Evidence(refs=[commit:abc,cmd:npm test::OK,log:.muster/work/x.log#L10-22]): ...
  Ask(to=peerA|peerB, action=review|clarify|revise): ... / Counter(strength=high|normal): ... / Risk(sev=high|med|low): ...
  Next: <single, decidable, 30 minutes at most>. A reference counts once Muster itself has looked: verified, claimed or refuted.
- Words alone do not carry a letter over: what says nothing, or nothing new, is held.${damping}`;
};

const SOLO_CHANNELS = `- Two channels. to_peer.md is your work log: Progress, what is done, what comes next; Muster reads it, tells you to go on and counts.
  to_user.md is for the user: task complete, decision needed, error or doubt.

  | when | write |
  |---|---|
  | a step is done and there is more to do | to_peer.md |
  | a milestone | both |
  | the task is complete, a decision is needed, an error or a doubt | to_user.md |`;

const TO_USER =
  "- To the user: at most 12 lines, the conclusion first. PeerA answers the user; PeerB tells PeerA instead.";

function aux({ settings, repo }: Order, seat: string): string {
  const { actor, rate_limit_per_minute: rate } = settings.cli_profiles.roles.aux;
  if (actor === "none") return "";
  return `\n- Aux (${actor}) does one thing for you and forgets it: \`muster aux "PROMPT"\`, at most ${rate} a minute; its answer comes as a letter. In
  a sandbox: a file ${mailboxOf(repo, seat)}/out/NAME.to_aux.md with the prompt. You stay the
  reviewer of what it says and the owner of the evidence. Strategic work for it goes into POR, tactical work into the SUBPOR.`;
}

const SELF_REVIEW = `- After each major step, before a commit and whenever unsure, ask yourself: does it do what was asked? What would break it? What is
  the smallest proof? Is there something simpler? Then prove it.`;

function planning(order: Order): string {
  const { dir, max_steps } = order.settings.policies.blueprint;
  const who = isSolo(order)
    ? "You plan and review the plan yourself"
    : "PeerA plans, PeerB reviews: two counters at most, ten minutes, then start";
  return `- Plan before you build when it touches three files or more, more than 50 lines, a new module, API or dependency, something users
  see, a flow of data, a new test suite, or when in doubt. Else say quick: <what> on a line of its own, and do it. ${who}. One
  ${dir}/T###-slug/task.yaml for each task (id, name, goal, 2-${max_steps} steps of id, name, done); status is written by Muster, not by you.
- Report steps by a line of its own, in to_peer.md or to_user.md: progress: T001 start / progress: T001.S1 done /
  progress: T001.S2 blocked: reason / progress: T001 done`;
}

const board = (order: Order): string =>
  isSolo(order)
    ? "- Keep the board: one SUBPOR for each task, `muster subpor new` gives it its id."
    : "- PeerB keeps the board. A new SUBPOR only by PeerB, after PeerA's ACK; `muster subpor new` gives it its id.";

const decisions = (
  order: Order,
): string => `- History rewrites, push, publish, deploy, and deletes outside a patch need an approved RFD: a block \`type: CLAIM\`, \`intent: rfd\`,
  \`title:\`, \`tasks: [{desc}]\`, signed by ${isSolo(order) ? "you" : "both of you"} with Sign(rfd=ID, decision=approve|reject): why, and by the user. So do patches over the limit and
  on protected paths: the refusal names the ID.
- Say what you work on: a line CLAIM: what, files:[a, b] keeps the other's patches off these files for half an hour.`;

/** The four chapters of a seat's rules (P23). */
export function peerRules(order: Order, seat: string): string {
  const { repo, settings } = order;
  const peer = order.hires.find((hire) => hire.seat !== seat);
  const who = peer
    ? `You are ${seat}. Your peer is ${peer.seat} (${peer.driver}): an equal. You plan, build, criticise and converge by evidence.`
    : `You are ${seat}. You work alone; Muster keeps the rhythm and the user decides.`;
  const specialties = settings.roles.specialties[seat === "PeerB" ? "peerB" : "peerA"];
  const strong = specialties.length > 0 ? ` You are asked for ${specialties.join(", ")} first.` : "";
  const solo = isSolo(order);
  return `## 1. Who you are
${who}${strong}
Only patches, tests, logs and commits change anything; talk never does. A claim counts once Muster itself has checked it.

## 2. What everything refers to
- PROJECT.md: what this project is for. ${settings.policies.blueprint.dir}/POR.md: the board. ${settings.policies.blueprint.dir}/T######-slug/SUBPOR.md: one sheet for each task.
- ${rulesOf(repo)}/: these rules; local.md there holds the user's own, and wins.
- \`muster ledger\`: what really happened. \`muster why ID\`: why something did not.

## 3. How to execute
- Small steps: one patch, one purpose. A failing test comes back to you with its real output: answer with one repair.
${planning(order)}
${board(order)}
${decisions(order)}
${solo ? SELF_REVIEW : "- Before you agree, try to break it: run it, measure it, name the case that fails."}${aux(order, seat)}

## 4. How to communicate
${solo ? `${SOLO_CHANNELS}\n` : ""}${mailboxContract(order, seat)}
${SPEAK_UP}
${eventLines(order)}
${TO_USER}`;
}
