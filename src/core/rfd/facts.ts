import type { Address, AgentId, Mid, TeamName } from "../ids.ts";

/** Why a decision is asked for: a protected path, an over-long patch, a letter, a dispute. */
export type RfdKind = "prot" | "large" | "msg";

export type RfdDecision = "approve" | "reject";

/** Where a person decided. */
export type DecisionChannel = "cli" | "tui" | "web" | "telegram" | "slack" | "discord" | "memory";

export type RfdFact =
  /** A request for decision (RFD) stands, or its card changed. `patch`, `sha`: the one patch it is bound to. */
  | {
      type: "rfd.opened";
      rfd: string;
      team: TeamName;
      kind: RfdKind;
      author: AgentId;
      title: string;
      tasks: string[];
      patch?: string;
      sha?: string;
      mid?: Mid;
    }
  | {
      type: "rfd.signed";
      rfd: string;
      signer: Address;
      decision: RfdDecision;
      reason: string;
      channel?: DecisionChannel;
    }
  /** A person wants to know more; the card stays open. */
  | { type: "rfd.questioned"; rfd: string; asker: Address; channel?: DecisionChannel }
  | {
      type: "rfd.decided";
      rfd: string;
      decision: RfdDecision | "expired";
      decider: Address;
      channel?: DecisionChannel;
    }
  /** Files that one peer says it works on; advisory. Renewed by its Progress. */
  | { type: "lock.taken"; team: TeamName; agent: AgentId; files: string[]; mid: Mid; ttlMs: number }
  /** What git shows of the repository beside our own commits: changes that came through no patch. */
  | {
      type: "tree.seen";
      team: TeamName;
      head: string;
      unqueued: { path: string; agent?: AgentId }[];
      /** Commits since the last look that Muster did not make. */
      commits: { id: string; subject: string }[];
    };
