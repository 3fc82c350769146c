import { BOARD_CHECKS } from "./boards/checks.ts";
import { BRIDGE_CHECKS } from "./bridges/checks.ts";
import type { Observation } from "./commands.ts";
import { ERRAND_CHECKS } from "./errands/checks.ts";
import type { FactOf, FactType } from "./facts.ts";
import { JOB_CHECKS } from "./jobs/checks.ts";
import { PUSH_CHECKS } from "./push/decide.ts";
import { QUEUE_CHECKS } from "./queue/checks.ts";
import { type Agent, evidenceKey, isOpen, type State } from "./state.ts";

type Check<T extends FactType> = (state: State, fact: FactOf<T>) => boolean;

const ofAgent =
  <T extends FactType>(check: (agent: Agent, fact: FactOf<T>) => boolean): Check<T> =>
  (state, fact) => {
    const agent = state.agents[(fact as { agent?: string }).agent ?? ""];
    return agent !== undefined && check(agent, fact);
  };

const openMessage = (state: State, fact: { mid: string }): boolean => {
  const message = state.messages[fact.mid];
  return message !== undefined && isOpen(message);
};

const known = (state: State, fact: { agent: string }): boolean => state.agents[fact.agent] !== undefined;

const otherSettings = (state: State, fact: { team: string; hash: string }): boolean => {
  const team = state.teams[fact.team];
  return team !== undefined && team.settingsHash !== fact.hash;
};

/** Reports which say nothing new or come from an ended incarnation are dropped: a repeated report is harmless. */
const CHECKS: { [T in Observation["type"]]?: Check<T> } = {
  ...BOARD_CHECKS,
  ...BRIDGE_CHECKS,
  ...ERRAND_CHECKS,
  ...PUSH_CHECKS,
  ...QUEUE_CHECKS,
  ...JOB_CHECKS,
  "config.loaded": ({ config }, { changes }) => JSON.stringify(config) !== JSON.stringify(changes),
  "agent.changed": ofAgent(
    (agent, fact) =>
      agent.activity !== "exited" &&
      agent.activity !== "lost" &&
      // Its prompt stands there, and a turn would fail again.
      !(agent.limit && fact.activity === "idle") &&
      (agent.activity !== fact.activity || agent.detail !== (fact.detail ?? "")),
  ),
  "agent.abandoned": ofAgent((agent, fact) => fact.incarnation === agent.incarnation && !agent.isAbandoned),
  "terminal.opening": ofAgent((agent, fact) => fact.incarnation === agent.incarnation + 1 && !agent.dismissed),
  "terminal.opened": ofAgent((agent, fact) => fact.incarnation === agent.incarnation && agent.pane !== fact.pane),
  "terminal.exited": ofAgent((agent, fact) => fact.incarnation === agent.incarnation && agent.activity !== "exited"),
  "terminal.lost": ofAgent(
    (agent, fact) => fact.incarnation === agent.incarnation && agent.activity !== "exited" && agent.activity !== "lost",
  ),
  "terminal.captured": ofAgent(
    (agent, fact) => fact.incarnation === agent.incarnation && agent.lastScreen?.incarnation !== fact.incarnation,
  ),
  "session.started": ofAgent(
    (agent, fact) =>
      agent.session !== fact.session || (fact.transcript !== undefined && agent.transcript !== fact.transcript),
  ),
  "usage.measured": ofAgent(
    (agent, fact) =>
      agent.usage?.contextTokens !== fact.contextTokens || agent.usage?.cost !== (fact.cost ?? agent.usage?.cost),
  ),
  "hook.heard": known,
  "hook.failed": ofAgent(
    (agent, fact) => fact.incarnation === agent.incarnation && agent.unhooked !== fact.incarnation,
  ),
  "turn.started": known,
  "turn.ended": known,
  "limit.reached": ofAgent((agent, fact) => agent.limit?.until !== fact.until),
  "limit.passed": ofAgent((agent) => agent.limit !== undefined && !agent.limit.isPassed),
  "limit.ended": ofAgent((agent) => agent.limit !== undefined),
  "permission.asked": ofAgent((agent, fact) => agent.question?.id !== fact.question),
  "permission.answered": ofAgent((agent, fact) => agent.question?.id === fact.question),
  "permission.told": ofAgent((agent, fact) => agent.answer?.question === fact.question),
  "control.typed": ofAgent((agent, fact) =>
    agent.controls.some((control) => control.id === fact.control && !control.isTyped),
  ),
  "control.finished": ofAgent((agent, fact) => agent.controls.some((control) => control.id === fact.control)),
  "job.finished": (state, fact) => state.jobs[fact.job] !== undefined && state.jobs[fact.job]?.outcome === undefined,
  "message.stored": (state, fact) => openMessage(state, fact) && state.messages[fact.mid]?.path !== fact.path,
  "message.waiting": (state, fact) =>
    openMessage(state, fact) && (fact.isWithdrawn === true || state.messages[fact.mid]?.reason !== fact.reason),
  "message.typing": (state, fact) =>
    openMessage(state, fact) && fact.attempt === (state.messages[fact.mid]?.attempt ?? 0) + 1,
  "message.delivered": openMessage,
  "message.uncertain": openMessage,
  "message.died": openMessage,
  "message.nacked": (state, fact) => {
    const message = state.messages[fact.mid];
    return message?.state === "delivered" && (message.nacks === undefined || (message.nacks === 1 && !message.isRead));
  },
  "message.restored": (state, fact) => state.messages[fact.mid]?.nacks === 1 && !state.messages[fact.mid]?.isRestored,
  "message.answered": (state, fact) => state.messages[fact.mid] !== undefined && !state.messages[fact.mid]?.answer,
  "message.held": (state, fact) => openMessage(state, fact) && state.messages[fact.mid]?.attempt === 0,
  "message.released": (state, fact) => openMessage(state, fact) && state.messages[fact.mid]?.held !== undefined,
  "session.compacted": known,
  "letter.parsed": (state, fact) => state.teams[fact.team]?.recent.every(({ mid }) => mid !== fact.mid) === true,
  "handoff.counted": (state, fact) => state.teams[fact.team] !== undefined,
  "cadence.skipped": (state, fact) => state.rhythms[fact.agent]?.skipped[fact.beat]?.reason !== fact.reason,
  "settings.loaded": otherSettings,
  "settings.refused": otherSettings,
  "rfd.opened": (state, fact) => !state.rfds[fact.rfd]?.decided,
  "rfd.decided": (state, fact) => state.rfds[fact.rfd] !== undefined && !state.rfds[fact.rfd]?.decided,
  "lock.taken": (state, fact) => state.teams[fact.team] !== undefined,
  "tree.seen": (state, fact) => {
    const seen = state.teams[fact.team]?.tree;
    const { head, unqueued, commits } = fact;
    return (
      JSON.stringify({ head: seen?.head, unqueued: seen?.unqueued, commits: seen?.commits }) !==
      JSON.stringify({ head, unqueued, commits })
    );
  },
  "patch.waiting": (state, fact) =>
    state.patches[fact.patch]?.state === "queued" && state.patches[fact.patch]?.reason !== fact.reason,
  "patch.reopened": (state, fact) => state.patches[fact.patch]?.state === "refused",
  "message.read": (state, fact) => state.messages[fact.mid]?.isRead === false,
  "patch.stepped": (state, fact) => state.patches[fact.patch]?.state === "queued",
  "patch.refused": (state, fact) => state.patches[fact.patch]?.state === "queued",
  "patch.committed": (state, fact) => state.patches[fact.patch]?.state === "queued",
  "evidence.cited": (state, fact) => state.evidence[evidenceKey(fact)] === undefined,
  "evidence.judged": (state, fact) => state.evidence[evidenceKey(fact)]?.verdict === undefined,
  "repository.reviewed": (state, fact) => {
    const seen = state.repositories[fact.repo]?.seen;
    return seen?.hash !== fact.hash || (fact.digests !== undefined && seen.digests === undefined);
  },
};

/** Does this report still say something new about this state? */
export function admit(state: State, fact: Observation): boolean {
  const check = CHECKS[fact.type] as Check<FactType> | undefined;
  return check === undefined || check(state, fact);
}
