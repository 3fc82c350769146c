import type { Event, FactType } from "../facts.ts";
import { type Address, SYSTEM, USER } from "../ids.ts";
import { type LetterKind, newMember, newTeam, type Tally, type TeamTally } from "./tally.ts";
import { arrived, beginTurn, bore, endTurn, typed } from "./turns.ts";
import { closeTeam, decided, resume, signed, waitEnds, waitFor, waitNoMore } from "./waits.ts";

type Counts = { [T in FactType]?: (tally: Tally, event: Event<T>) => void };

function kindOf({ kind, from, to }: Event<"message.queued">): LetterKind {
  if (kind === "nudge") return "nudge";
  if (from === SYSTEM) return "system";
  return from === USER || to === USER ? "user" : "peer";
}

/** The team that a letter is counted in: its own, else that of its reader or its writer. */
function teamOf(tally: Tally, team: string | undefined, ...ends: Address[]): TeamTally | undefined {
  const name = team ?? ends.map((end) => tally.members[end]?.team).find((one) => one !== undefined);
  return name === undefined ? undefined : tally.teams[name];
}

const LETTERS: Counts = {
  "message.queued": (tally, event) => {
    const { mid, from, to, size } = event;
    const team = teamOf(tally, event.team, to, from);
    if (!team) return;
    const kind = kindOf(event);
    team.letters[kind].count += 1;
    team.letters[kind].bytes += size;
    if (to !== USER) tally.open.set(mid, { team: team.name, to, kind, covers: event.covers ?? [] });
  },
  "message.typing": (tally, { mid, attempt }) => {
    const letter = tally.open.get(mid);
    if (!letter) return;
    const team = tally.teams[letter.team];
    if (team && attempt > 1) team.retries += 1;
    for (const one of [mid, ...letter.covers]) begins(tally, one);
  },
  "message.delivered": (tally, { mid }) => {
    const letter = tally.open.get(mid);
    if (letter) arrived(tally.members[letter.to], mid, letter);
    tally.open.delete(mid);
  },
  "message.uncertain": (tally, { mid }) => ended(tally, mid, "uncertain"),
  "message.died": (tally, { mid }) => ended(tally, mid, "dead"),
  "message.held": (tally, { mid, rule }) => {
    const team = tally.teams[tally.open.get(mid)?.team ?? ""];
    if (team) team.holds[rule] = (team.holds[rule] ?? 0) + 1;
  },
  "handoff.counted": (tally, { team: name }) => {
    const team = tally.teams[name];
    if (team) team.handoffs += 1;
  },
};

/** Typed it begins a turn; its receipt may be seen only after that turn has ended. */
function begins(tally: Tally, mid: string): void {
  const letter = tally.open.get(mid);
  if (!letter || letter.isTyped) return;
  letter.isTyped = true;
  typed(tally.members[letter.to], mid, letter.kind);
}

function ended(tally: Tally, mid: string, how: "uncertain" | "dead"): void {
  const team = tally.teams[tally.open.get(mid)?.team ?? ""];
  if (team) team[how] += 1;
  tally.open.delete(mid);
}

/** Why a member waits that only a person starts again. */
const CRASHES = "crashes";

const MEMBERS: Counts = {
  "turn.started": (tally, { agent, at }) => beginTurn(tally.members[agent], at),
  "turn.ended": (tally, { agent, at }) => endTurn(tally.members[agent], at),
  "terminal.exited": (tally, { agent, at }) => gone(tally, agent, at),
  "terminal.lost": (tally, { agent, at }) => gone(tally, agent, at),
  "agent.dismissed": (tally, { agent, at }) => {
    gone(tally, agent, at);
    waitNoMore(tally.members[agent], CRASHES, at);
  },
  "agent.abandoned": (tally, { agent, at }) => waitFor(tally.members[agent], CRASHES, at),
  "agent.restarted": (tally, { agent, at }) => waitNoMore(tally.members[agent], CRASHES, at),
  "agent.changed": (tally, { agent, activity, at }) => {
    const member = tally.members[agent];
    if (activity === "waiting") waitFor(member, "dialog", at);
    else waitNoMore(member, "dialog", at);
  },
  "permission.asked": (tally, { agent, question, at }) => waitFor(tally.members[agent], question, at),
  "permission.answered": (tally, { agent, question, at }) => waitNoMore(tally.members[agent], question, at),
  "usage.measured": (tally, { agent, contextTokens, cost }) => {
    const member = tally.members[agent];
    if (!member) return;
    member.contextTokens = contextTokens;
    if (cost === undefined) return;
    // A CLI counts anew with a new session: what is less than before is a new count.
    member.cost = (member.cost ?? 0) + (cost < member.lastCost ? cost : cost - member.lastCost);
    member.lastCost = cost;
  },
};

/** Its program ended: neither turn nor dialog goes on. That it crashed too often still waits for a person. */
function gone(tally: Tally, agent: string, at: number): void {
  const member = tally.members[agent];
  endTurn(member, at);
  for (const reason of [...(member?.waits ?? [])]) if (reason !== CRASHES) waitNoMore(member, reason, at);
}

const WORK: Counts = {
  "patch.received": (tally, { patch, team: name, author }) => {
    const team = tally.teams[name];
    if (team) team.patches.received += 1;
    tally.authors.set(patch, author);
    bore(tally, author);
  },
  "patch.refused": (tally, { patch }) => patched(tally, patch, "refused"),
  "patch.committed": (tally, { patch }) => {
    patched(tally, patch, "committed");
    tally.authors.delete(patch);
  },
  "evidence.cited": (tally, { mid, ref, author }) => void tally.authors.set(`${mid} ${ref}`, author),
  "evidence.judged": (tally, { mid, ref, verdict }) => {
    const key = `${mid} ${ref}`;
    const author = tally.authors.get(key);
    tally.authors.delete(key);
    const team = teamOf(tally, undefined, author ?? "");
    if (team) team.evidence[verdict] += 1;
    if (verdict === "verified") bore(tally, author);
  },
  "tree.seen": (tally, { team: name, unqueued, commits }) => {
    const team = tally.teams[name];
    if (!team) return;
    for (const { path, agent } of unqueued) if (!team.changed.has(path)) bore(tally, agent);
    team.changed = new Set(unqueued.map(({ path }) => path));
    // Whose commit it is git does not say: everybody who works is given the benefit.
    if (commits.length > 0) for (const agent of team.members) bore(tally, agent);
  },
};

function patched(tally: Tally, patch: string, how: "refused" | "committed"): void {
  const team = teamOf(tally, undefined, tally.authors.get(patch) ?? "");
  if (team) team.patches[how] += 1;
}

const TEAMS: Counts = {
  "team.formed": (tally, { team, seats, at }) => {
    tally.teams[team] = newTeam(
      team,
      at,
      seats.map(({ agent }) => agent),
    );
    for (const { agent, seat } of seats) tally.members[agent] = newMember(team, seat);
  },
  "team.stopped": (tally, { team: name, at }) => {
    const team = tally.teams[name];
    if (!team) return;
    closeTeam(team, at);
    for (const agent of team.members) {
      endTurn(tally.members[agent], at);
      waitEnds(tally.members[agent], at);
    }
  },
  "team.paused": (tally, { team: name, at }) => {
    const team = tally.teams[name];
    if (team) team.pausedSince ??= at;
  },
  "team.resumed": (tally, { team, at }) => resume(tally.teams[team], at),
  "rfd.opened": (tally, { rfd, team }) => {
    if (!tally.cards.has(rfd)) tally.cards.set(rfd, { team, approvals: new Set() });
  },
  "rfd.signed": (tally, { rfd, signer, decision, at }) => signed(tally, rfd, signer, decision === "approve", at),
  "rfd.decided": (tally, { rfd, at }) => decided(tally, rfd, at),
};

const COUNTS = { ...LETTERS, ...MEMBERS, ...WORK, ...TEAMS } as Record<
  string,
  ((tally: Tally, event: Event) => void) | undefined
>;

/** Counts one more fact, in place; a fact that was counted already changes nothing. */
export function count(tally: Tally, event: Event): void {
  if (event.seq <= tally.seq) return;
  COUNTS[event.type]?.(tally, event);
  tally.seq = event.seq;
}
