import type { Event, FactType } from "./facts.ts";
import type { Seq, TeamName } from "./ids.ts";
import { addressName, type State } from "./state.ts";

/** One line of a repository's `ledger.jsonl`, in the kinds that its readers know (3.13). */
export interface LedgerLine {
  id: Seq;
  /** ISO, milliseconds. */
  ts: string;
  team: TeamName;
  kind: string;
  [more: string]: unknown;
}

type Kind<T extends FactType> = string | ((event: Event<T>, state: State) => string | null);

const seat = (state: State, address: string): string => addressName(state, address);

const BEATS: Record<string, string> = {
  "self-check": "self-check",
  refresh: "system-refresh",
  board: "por-refresh",
  keepalive: "keepalive-sent",
  nudge: "nudge",
  compact: "auto-compact",
  clear: "reset",
};

/** The kind of each fact that a team's readers know; other facts have none. */
const KINDS: { [T in FactType]?: Kind<T> } = {
  "team.formed": "start",
  "team.stopped": "stop",
  "team.paused": "pause",
  "team.resumed": "resume",
  "settings.loaded": "settings-reload",
  "settings.refused": "settings-reload",
  "message.stored": "message-stored",
  "message.delivered": "message-delivered",
  "message.read": "ack-file",
  "message.nacked": "nack",
  "message.held": ({ rule }) => (rule === "duplicate" ? "handoff-duplicate-drop" : "message-held"),
  "message.released": "message-released",
  "letter.refused": "mailbox-diag",
  "letter.found": "mailbox-diag",
  "handoff.counted": ({ to }) => (to === "system" ? "single-peer-intercept" : null),
  "patch.received": "patch-received",
  "patch.refused": ({ kind }) => `patch-${kind}`,
  "patch.waiting": "patch-blocked",
  "patch.committed": "patch-commit",
  "evidence.judged": ({ verdict }) => `evidence-${verdict}`,
  "task.marked": "task-marker",
  "task.moved": ({ action }) => (action === "promoted" ? "task_promoted" : null),
  "task.waived": "quick_task",
  "scope.changed": "scope_change",
  "rfd.opened": "rfd",
  "rfd.decided": "decision",
  "lock.taken": "lock",
  "cadence.sent": ({ beat }) => BEATS[beat] ?? null,
  "cadence.skipped": ({ beat }) =>
    ({ keepalive: "keepalive-skipped", compact: "auto-compact-skip" })[beat as "compact"] ?? null,
  "terminal.exited": ({ agent }, state) => (state.agents[agent]?.dismissed ? null : "peer-crash"),
  "terminal.lost": "peer-crash",
  "terminal.opened": ({ incarnation }) => (incarnation > 1 ? "peer-restarted" : null),
  "agent.changed": ({ activity }) => (activity === "waiting" ? "peer-needs-user" : null),
  "agent.abandoned": "peer-needs-user",
  "errand.started": ({ errand }, { errands }) => `${errands.all[errand]?.role ?? "aux"}-start`,
  "errand.ended": ({ errand, code, reason }, { errands }) => {
    const role = errands.all[errand]?.role ?? "aux";
    return role === "foreman" && (code !== 0 || reason !== "") ? "foreman-error" : `${role}-end`;
  },
  "errand.refused": ({ role }) => `${role}-refused`,
  "foreman.spoke": "foreman-dispatch",
  "foreman.misspoke": "foreman-error",
  "evidence.validated": "evidence-validate",
};

/** What of a fact is worth a reader's while besides: ids, reasons, verdicts; never a whole text. */
const CARRIED = [
  ...["mid", "patch", "rfd", "rule", "reason", "verdict", "ref", "decision", "decider", "commit", "branch", "title"],
  ...["lines", "beat", "file", "files", "seat", "hash", "answer", "from", "to", "agent", "author", "errand", "task"],
];

function carried(event: Event, state: State): Record<string, unknown> {
  const known = event as unknown as Record<string, unknown>;
  const ADDRESSES = ["from", "to", "agent", "author", "decider"];
  const entries = CARRIED.filter((key) => known[key] !== undefined).map((key) => {
    const value = known[key];
    return [key, ADDRESSES.includes(key) ? seat(state, String(value)) : value] as const;
  });
  return Object.fromEntries(entries);
}

function kindOf(event: Event, state: State): string | null {
  const kind = KINDS[event.type] as Kind<FactType> | undefined;
  if (kind === undefined || typeof kind === "string") return kind ?? null;
  return kind(event, state);
}

/** The lines that a fact adds to a team's ledger file. A letter's event lines are one each. */
export function ledgerLines(event: Event, state: State, team: TeamName): LedgerLine[] {
  const base = { id: event.seq, ts: new Date(event.at).toISOString(), team };
  if (event.type === "letter.parsed") {
    const { mid, author } = event;
    return event.events.map(({ kind, text, attributes, refs }) => ({
      ...base,
      kind: `event-${kind.toLowerCase()}`,
      ...{
        mid,
        from: seat(state, author),
        text: text.slice(0, 200),
        ...attributes,
        ...(refs.length > 0 ? { refs } : {}),
      },
    }));
  }
  const kind = kindOf(event, state);
  return kind === null ? [] : [{ ...base, kind, ...carried(event, state) }];
}
