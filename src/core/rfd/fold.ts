import { moved } from "../cadence/fold.ts";
import type { Event, FactType } from "../facts.ts";
import type { State } from "../state.ts";
import type { RfdFact } from "./facts.ts";

type Fold<T extends FactType> = (state: State, event: Event<T>) => void;

const FOLDS: { [T in RfdFact["type"]]: Fold<T> } = {
  "rfd.opened": (state, { rfd: id, team, kind, author, title, tasks, patch, sha, mid, at }) => {
    const signatures = state.rfds[id]?.signatures ?? [];
    state.rfds[id] = { id, team, kind, author, title, tasks, patch, sha, mid, at, signatures };
  },
  "rfd.signed": (state, { rfd, signer: by, decision, reason, at }) => {
    state.rfds[rfd]?.signatures.push({ by, decision, reason, at });
  },
  "rfd.questioned": () => {},
  "rfd.decided": (state, { rfd: id, decision, decider: by, channel, at }) => {
    const rfd = state.rfds[id];
    if (!rfd) return;
    rfd.decided = { decision, by, channel, at };
    moved(state.teams[rfd.team]);
  },
  "lock.taken": (state, { team: name, agent, files, mid, ttlMs, at }) => {
    const team = state.teams[name];
    if (!team) return;
    const others = team.locks.filter((lock) => lock.until > at && !(lock.agent === agent && lock.mid === mid));
    team.locks = [...others, { agent, files, mid, ttlMs, until: at + ttlMs }];
  },
  "tree.seen": (state, { team: name, head, unqueued, commits }) => {
    const team = state.teams[name];
    if (team) team.tree = { head, unqueued, commits };
  },
};

/** Facts about decisions, advisory locks, and changes that came through no patch. */
export function foldRfd(state: State, event: Event): void {
  (FOLDS as Record<string, Fold<FactType> | undefined>)[event.type]?.(state, event);
}
