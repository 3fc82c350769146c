import { type Due, duesOf, isAsked, type Member, memberOf } from "./cadence/beats.ts";
import type { Beat } from "./cadence/facts.ts";
import type { AgentId, Millis } from "./ids.ts";
import type { State, Team } from "./state.ts";

/** When somebody asks why. */
export interface Moment {
  now: Millis;
  /** Time zone of whoever asks. */
  zone?: string;
}

/** Why one beat is not given to a member now. */
export interface BeatWhy {
  beat: Beat;
  /** Empty = it is given now. */
  because: string;
  rule: string;
  change: string;
  /** When it was due last and left out, and why; absent = it was not. */
  skipped?: { at: Millis; reason: string };
}

/** The beats of a member in the order of its day; `idle` is for one that works alone. */
export const BEATS = [
  "keepalive",
  "nudge",
  "self-check",
  "refresh",
  "board",
  "compact",
  "clear",
  "idle",
] as const satisfies readonly Beat[];

const RULES: Record<Beat, { rule: string; change: string }> = {
  keepalive: {
    rule: "after a Progress that nobody answers its author is told to go on (delivery.keepalive_enabled, keepalive_delay_seconds)",
    change: "a new Progress of it, and nothing that waits for it",
  },
  nudge: {
    rule: "a letter that lies unread is named once more, and again only when more have come (delivery.nudge_resend_seconds)",
    change: "the time passes, or another letter comes",
  },
  "self-check": {
    rule: "it comes with every so many handoffs (delivery.self_check_every_handoffs)",
    change: "further handoffs",
  },
  refresh: {
    rule: "it comes with every so many self-checks and after a clear (delivery.system_refresh_every_self_checks)",
    change: "/refresh",
  },
  board: {
    rule: "whoever keeps the board is asked with each self-check, /focus and /reset, at most once in 60 s",
    change: "/focus",
  },
  compact: {
    rule: "a context is made smaller only while its CLI truly rests (delivery.auto_compact)",
    change: "the condition is met; /reset compact asks for it as soon as it rests",
  },
  clear: {
    rule: "a conversation is emptied every so many handoffs, where the settings say so (delivery.conversation_reset)",
    change: "/reset clear",
  },
  idle: {
    rule: "one that works alone and was reminded in vain tells the user that it waits, once (delivery.single_peer)",
    change: "its reminders are used up without new Progress",
  },
};

function selfCheck({ rhythm, delivery }: Member): string {
  const every = delivery.self_check_every_handoffs;
  return `${rhythm.sinceCheck} of ${every} handoffs since the last one`;
}

function refresh({ rhythm, delivery }: Member): string {
  if (isAsked(rhythm, "refresh")) return "it was asked for and is being written";
  const every = delivery.system_refresh_every_self_checks;
  const left = every - (rhythm.checks % every);
  return left === 1 ? "it comes with the next self-check" : `${left} self-checks are left until it`;
}

function board({ team, id, rhythm, now }: Member): string {
  const keeper = team.seats.at(-1);
  if (keeper && keeper.agent !== id) return `${keeper.seat} keeps the board`;
  const last = rhythm.sent.board?.at;
  const ago = last === undefined ? "it was not asked yet" : `it was asked ${Math.floor((now - last) / 1000)} s ago`;
  return `${ago}; the next self-check asks`;
}

/** What the time brings, said of one beat; several that would give it are all named. */
function dueWhy(dues: Due[], beat: Beat, { delivery }: Member): string {
  const own = dues.filter((due) => due.beat === beat);
  if (own.some(({ why }) => why === "")) return "";
  if (own.length > 0) return own.map(({ why }) => why).join("; ");
  const { policy } = delivery.conversation_reset;
  return `conversation_reset.policy is ${policy}`;
}

const UNKNOWN = "; whether its CLI has a command for it is unknown";

/** Why each beat of a member is not given at one moment; nothing for somebody who is no member. */
export function beatsWhy(state: State, team: Team, id: AgentId, { now }: Moment): BeatWhy[] {
  const canCompact = state.agents[id]?.hire.canCompact;
  const member = memberOf(state, team, id, now, canCompact !== false);
  if (!member) return [];
  const dues = duesOf(member);
  const said = (beat: Beat): string => {
    if (beat === "self-check") return selfCheck(member);
    if (beat === "refresh") return refresh(member);
    if (beat === "board") return board(member);
    const because = dueWhy(dues, beat, member);
    return beat === "compact" && canCompact === undefined && because !== "" ? because + UNKNOWN : because;
  };
  return BEATS.filter((beat) => beat !== "idle" || member.isSolo).map((beat) => ({
    beat,
    because: said(beat),
    ...RULES[beat],
    ...(member.rhythm.skipped[beat] ? { skipped: member.rhythm.skipped[beat] } : {}),
  }));
}
