import { type Command, observe } from "../../core/commands.ts";
import { missingSignatures } from "../../core/decide-team.ts";
import type { Event } from "../../core/facts.ts";
import { USER } from "../../core/ids.ts";
import { claimsIn } from "../../core/letter/claim.ts";
import { printOf } from "../../core/letter/gist.ts";
import { isAllowedPath, isProtected, policyFrom } from "../../core/patch-policy.ts";
import type { RfdFact, RfdKind } from "../../core/rfd/facts.ts";
import { addressName, type Patch, type State, type Team } from "../../core/state.ts";
import { tell } from "../telling.ts";

type Opened = Omit<Extract<RfdFact, { type: "rfd.opened" }>, "type">;

/** Rules of one fact send their messages under numbers of their own. */
const FIRST_MID = 5;

const SIGN = (id: string): string =>
  `Sign it in a letter, each of you once: Sign(rfd=${id}, decision=approve|reject): why`;

/** What everybody is told of a new card. */
function announced(state: State, team: Team, card: Opened, event: Event): Command[] {
  const { rfd: id, title, tasks, patch } = card;
  const what = patch ? `It would let exactly this patch ${patch} pass, under the whole test suite.` : "";
  const list = tasks.map((task) => `- ${task}`).join("\n");
  const author = addressName(state, card.author);
  const text = [`RFD ${id} by ${author}: ${title}`, list, what].filter(Boolean).join("\n");
  const members = team.seats.map(({ agent }) => agent);
  const isUserAsked = team.settings.policies.rfd.user_approval || members.length < 2;
  const orders = members.map((to) => ({
    to,
    text: `${text}\n${SIGN(id)}${isUserAsked ? "; the user decides with you." : "."}`,
  }));
  if (isUserAsked) orders.push({ to: USER, text: `${text}\n/rfd ${id} approve, reject or ask` });
  return orders.flatMap(({ to, text: said }, n) => tell(event, team.name, [to], said, FIRST_MID + n));
}

/** Opens a card, or updates the one that is open; a decided one is told to its author. */
function openRfd(state: State, team: Team, card: Opened, event: Event): Command[] {
  const known = state.rfds[card.rfd];
  const opened = observe({ type: "rfd.opened", ...card });
  if (!known) return [opened, ...announced(state, team, card, event)];
  if (!known.decided) return [opened];
  const { decision, by, at } = known.decided;
  const text = `RFD ${card.rfd} was decided by ${addressName(state, by)} at ${new Date(at).toISOString()} (${decision}); take a new id.`;
  return tell(event, team.name, [card.author], text, FIRST_MID);
}

/** What kind of exception would let this refused patch pass; null = none would. */
function exceptionFor({ lines, paths }: Patch, { settings }: Team): { kind: RfdKind; why: string } | null {
  const policy = policyFrom(settings.policies, {});
  const barred = paths.filter((path) => !isAllowedPath(path, policy.allowedPaths) && !isProtected(path, policy));
  if (paths.length === 0 || barred.length > 0) return null;
  const shielded = paths.filter((path) => isProtected(path, policy));
  if (shielded.length > 0) return { kind: "prot", why: `changes protected paths: ${shielded.slice(0, 5).join(" ")}` };
  const isLarge = lines > policy.maxLines && settings.policies.rfd.gates.large_diff_requires_rfd;
  return isLarge ? { kind: "large", why: `has ${lines} lines; ${policy.maxLines} are the limit` } : null;
}

/** A patch that only a decision can let pass brings its card with its refusal (P48). */
export function onRefusedPatch(state: State, event: Event<"patch.refused">): Command[] {
  const patch = state.patches[event.patch];
  const team = patch ? state.teams[patch.team] : undefined;
  if (!patch || !team || event.kind !== "reject" || patch.rfd) return [];
  const exception = exceptionFor(patch, team);
  if (!exception) return [];
  const { kind, why } = exception;
  const title = `"${patch.title}" ${why}`;
  const card = { rfd: `rfd-${kind}-${patch.sha.slice(0, 8)}`, team: team.name, kind, author: patch.author, title };
  return openRfd(state, team, { ...card, tasks: [], patch: patch.id, sha: patch.sha, mid: patch.mid }, event);
}

/** Letters that ask for a decision in so many words. */
export function onClaimedRfd(state: State, team: Team, event: Event<"message.queued">): Command[] {
  const { body, mid, from } = event;
  return claimsIn(body)
    .filter(({ intent }) => intent.toLowerCase() === "rfd")
    .flatMap(({ id, title, tasks }) => {
      const rfd = id && /^[A-Za-z0-9-]{1,64}$/.test(id) ? id : `rfd-msg-${printOf(body).slice(0, 8)}`;
      const card: Opened = { rfd, team: team.name, kind: "msg", author: from, title: title || "untitled", tasks, mid };
      return openRfd(state, team, card, event);
    });
}

/** Two that are both unsure, or that only object to each other, ask the user (P48). */
export function onDoubt(state: State, event: Event<"letter.parsed">): Command[] {
  const team = state.teams[event.team];
  if (!team || team.seats.length < 2) return [];
  const { both_confidence_below: least, max_dispute_rounds: rounds } = team.settings.policies.rfd.trigger;
  const sure = team.seats.map(({ agent }) => team.confidence[agent]);
  const isUnsure = sure.every((value) => value !== undefined && value < least);
  const isDispute = team.counters.length >= 2 * rounds;
  const isNews = event.events.some(({ kind, attributes }) => kind === "Counter" || attributes.confidence !== undefined);
  const isOpen = Object.values(state.rfds).some((rfd) => rfd.team === team.name && rfd.kind === "msg" && !rfd.decided);
  if (!isNews || isOpen || (!isUnsure && !isDispute)) return [];
  const said = event.events.find(({ kind }) => kind === "Counter" || kind === "Ask")?.text ?? "";
  const why = isDispute ? `${rounds} rounds of objections without evidence` : "both peers are unsure";
  const title = `${why}${said ? `: ${said}` : ""}`;
  const card = {
    rfd: `rfd-msg-${event.print.slice(0, 8)}`,
    team: team.name,
    kind: "msg",
    author: event.author,
  } as const;
  return openRfd(state, team, { ...card, title, tasks: [], mid: event.mid }, event);
}

/** Who still has to sign, by the names people know them by. */
export const waitsFor = (state: State, id: string): string[] => {
  const rfd = state.rfds[id];
  return rfd && !rfd.decided ? missingSignatures(state, rfd).map((who) => addressName(state, who)) : [];
};
