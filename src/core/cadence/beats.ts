import { type Command, observe } from "../commands.ts";
import { isForemanOn } from "../errands/roles.ts";
import { type AgentId, type Mid, type Millis, midOf, SYSTEM, USER } from "../ids.ts";
import { printOf } from "../letter/gist.ts";
import type { Settings } from "../settings/settings.ts";
import { type Agent, isAlive, type State, type Team } from "../state.ts";
import type { Beat } from "./facts.ts";
import { type Backlog, backlogOf, isAwaited, nudge } from "./inbox.ts";
import { type Rhythm, rhythmIn } from "./state.ts";
import { keepaliveText, soloKeepaliveText } from "./texts.ts";

/** What is due now, and when to look again; null = only a fact can change it. */
export interface Due {
  beat: Beat;
  commands: Command[];
  next: Millis | null;
  /** Why it is not given at this moment; empty = it is. */
  why: string;
}

/** One member of a team at one moment. */
export interface Member {
  state: State;
  team: Team;
  agent: Agent;
  id: AgentId;
  now: Millis;
  rhythm: Rhythm;
  delivery: Settings["cli_profiles"]["delivery"];
  isSolo: boolean;
  backlog: Backlog;
  /** Has its CLI a command to make its context smaller? */
  canCompact: boolean;
}

/** An id which the same beat gets again after a crash. */
export const beatMid = (beat: Beat, about: string, at: Millis): Mid => midOf(at, printOf(`${beat} ${about}`));

/** Why nothing may be given to it at this moment; null = something may. */
function hindrance({ state, team, agent, id }: Member): string | null {
  if (team.paused) return "the team is paused";
  if (!isAlive(agent)) return "the agent is not running";
  if (agent.activity !== "idle") return `the agent is ${agent.activity}`;
  if (isAwaited(state, id)) return "something is on its way to it";
  return null;
}

/** A beat that nothing asks for. */
const none = (beat: Beat, why: string): Due => ({ beat, commands: [], next: null, why });

const until = (beat: Beat, next: Millis, why: string): Due => ({ beat, commands: [], next, why });

/** A beat that is due at `at` and hindered waits; whatever ends the hindrance is a fact, and wakes. */
function at(member: Member, beat: Beat, due: Millis, give: () => Command[], hindered = hindrance(member)): Due {
  const { now, team, id } = member;
  if (now < due) return until(beat, due, `it is due in ${Math.ceil((due - now) / 1000)} s`);
  if (hindered === null) return { beat, commands: give(), next: null, why: "" };
  const skipped = observe({ type: "cadence.skipped", team: team.name, agent: id, beat, reason: hindered });
  return { beat, commands: [skipped], next: null, why: hindered };
}

/** After a Progress nobody answers its author is told to go on: once in a pair, up to three times alone (P96). */
function keepalive(member: Member): Due {
  const { team, id, rhythm, delivery, isSolo, backlog } = member;
  const { progress, keepalives } = rhythm;
  if (!delivery.keepalive_enabled) return none("keepalive", "keepalive_enabled is false");
  if (!progress) return none("keepalive", "it has reported no Progress yet");
  const most = isSolo ? delivery.single_peer.keepalive_max_nudges : 1;
  if (keepalives >= most) return none("keepalive", `${keepalives} of ${most} were given since its last Progress`);
  const delay = isSolo ? delivery.single_peer.keepalive_delay_seconds : delivery.keepalive_delay_seconds;
  const last = keepalives === 0 ? progress.at : (rhythm.sent.keepalive?.at ?? progress.at);
  // Once it was reminded of its letters, those that it leaves lying hold nothing up any more.
  const isReminded = rhythm.sent.nudge?.about === backlog.unread.at(-1)?.mid;
  const hindered = backlog.unread.length > 0 && !isReminded ? "its inbox is not empty" : hindrance(member);
  const give = (): Command[] => {
    const mid = beatMid("keepalive", `${progress.mid} ${keepalives}`, progress.at);
    const text = isSolo ? soloKeepaliveText(progress.next) : keepaliveText(progress.next);
    return [
      { do: "send", letter: { mid, from: SYSTEM, to: id, kind: "system", text, team: team.name } },
      observe({ type: "cadence.sent", team: team.name, agent: id, beat: "keepalive", mid, about: progress.mid }),
    ];
  };
  return at(member, "keepalive", last + delay * 1000, give, hindered);
}

/** Alone, told to go on as often as it may be, and still without new Progress: the user is told, once (P96). */
function idle(member: Member): Due {
  const { team, id, rhythm, delivery, isSolo, now } = member;
  const { progress, keepalives } = rhythm;
  const { keepalive_max_nudges: most, keepalive_delay_seconds: delay } = delivery.single_peer;
  const last = rhythm.sent.keepalive?.at;
  if (!isSolo || !progress || last === undefined || keepalives < most)
    return none("idle", "its reminders are not used up");
  // A timer that is turned off wakes nobody: looked at again after a while.
  if (isForemanOn(team)) return until("idle", now + delay * 1000, "the Foreman's next run wakes it");
  if (rhythm.sent.idle?.about === progress.mid) return none("idle", "the user knows");
  const give = (): Command[] => {
    const mid = beatMid("idle", progress.mid, last);
    const text = `idle, waiting for you: ${keepalives} reminders brought no new Progress`;
    return [
      { do: "send", letter: { mid, from: SYSTEM, to: USER, kind: "system", text, team: team.name } },
      observe({ type: "cadence.sent", team: team.name, agent: id, beat: "idle", mid, about: progress.mid }),
    ];
  };
  return at(member, "idle", last + delay * 1000, give);
}

/** Most that a nudge waits beyond its time, because it is not the first of its backlog. */
const BACKOFF_MS = 60_000;

/** A share of the delay, the same for the same letter: many teams do not wake their agents in one second. */
const jitterOf = (mid: Mid, delayMs: Millis, share: number): Millis =>
  Math.round((Number.parseInt(printOf(mid).slice(0, 4), 16) / 0xffff) * delayMs * share);

/** A letter that was named and lies unread is named once more, and again only when the backlog has grown (3.14). */
function unreadNudge(member: Member): Due {
  const { team, id, rhythm, delivery, backlog, now } = member;
  const [oldest] = backlog.unread;
  const newest = backlog.unread.at(-1);
  const last = rhythm.sent.nudge;
  if (!oldest || !newest) return none("nudge", "nothing lies unread in its inbox");
  const most = delivery.require_ack ? delivery.resend_attempts : 1;
  const given = last?.about === newest.mid ? last.times : 0;
  if (given >= most) return none("nudge", "it was nudged, and nothing has come since");
  const delay = (delivery.require_ack ? delivery.ack_timeout_seconds : delivery.nudge_resend_seconds) * 1000;
  const since = Math.max(newest.deliveredAt ?? newest.at, last?.at ?? 0, member.agent.since);
  const backoff = last === undefined || delivery.require_ack ? 0 : BACKOFF_MS;
  const due = since + delay + jitterOf(newest.mid, delay, delivery.nudge_jitter_pct) + backoff;
  const give = (): Command[] => {
    const mid = beatMid("nudge", newest.mid, due);
    return [
      nudge({ team, agent: id, at: now, mid, waiting: backlog.unread }),
      observe({ type: "cadence.sent", team: team.name, agent: id, beat: "nudge", mid, about: newest.mid }),
    ];
  };
  return at(member, "nudge", due, give);
}

/** When each condition for an automatic compact is met, with what keeps it from it until then (3.14). */
function compactConditions(member: Member): [when: Millis, reason: string][] {
  const { rhythm, delivery, team, agent } = member;
  const { min_interval_seconds, idle_threshold_seconds } = delivery.auto_compact;
  const last = Math.max(rhythm.compactedAt, rhythm.sent.compact?.at ?? 0, team.formedAt);
  const idle = idle_threshold_seconds * 1000;
  return [
    [last + min_interval_seconds * 1000, `the last one is not ${min_interval_seconds} s ago`],
    [rhythm.deliveredAt + idle, `something was delivered less than ${idle_threshold_seconds} s ago`],
    [agent.since + idle, `it is not idle for ${idle_threshold_seconds} s yet`],
  ];
}

/** Why a compact is not even thought of; null = its conditions count. */
function compactObstacle({ rhythm, delivery, canCompact }: Member): string | null {
  const { enabled, min_messages_since_last: least } = delivery.auto_compact;
  if (!enabled) return "auto_compact is off";
  if (!canCompact) return "n/a: its CLI has no command for it";
  return rhythm.sinceCompact < least ? `${rhythm.sinceCompact} handoffs since the last one; ${least} are needed` : null;
}

/** A hindered compact is written down once in a while, not with each turn. */
function skipCompact(member: Member, reason: string, next: Millis | null): Due {
  const { team, id, now, rhythm, delivery } = member;
  const last = rhythm.skipped.compact?.at ?? 0;
  const isTold = now - last < delivery.auto_compact.check_interval_seconds * 1000;
  const skipped = observe({ type: "cadence.skipped", team: team.name, agent: id, beat: "compact", reason });
  return { beat: "compact", commands: isTold ? [] : [skipped], next, why: reason };
}

/** Makes the context of a CLI smaller while it truly rests. */
function compact(member: Member): Due {
  const { now, team, id, rhythm, delivery } = member;
  const obstacle = compactObstacle(member);
  if (obstacle !== null) return none("compact", obstacle);
  const hindered = hindrance(member);
  if (hindered !== null) return skipCompact(member, hindered, null);
  const unmet = compactConditions(member).filter(([when]) => when > now);
  const [first] = unmet;
  if (first) {
    // Looked at every so often, as the rule says.
    const check = now + delivery.auto_compact.check_interval_seconds * 1000;
    return skipCompact(member, first[1], Math.min(check, Math.max(...unmet.map(([when]) => when))));
  }
  const control = controlId("compact", id, rhythm.handoffs);
  const commands: Command[] = [
    { do: "control", agent: id, id: control, action: "compact" },
    observe({ type: "cadence.sent", team: team.name, agent: id, beat: "compact" }),
  ];
  return { beat: "compact", commands, next: null, why: "" };
}

const controlId = (action: "compact" | "clear", agent: AgentId, handoffs: number): string =>
  `${action}-${agent}-${handoffs}`;

/** Did somebody ask for it since it was given last? */
export const isAsked = ({ asked, sent }: Rhythm, beat: Beat): boolean =>
  (asked[beat]?.seq ?? 0) > (sent[beat]?.seq ?? 0);

/** What `/reset` wants: as soon as the CLI rests. */
function wanted(member: Member, action: "compact" | "clear"): Due {
  const { rhythm, team, id, now, canCompact } = member;
  const hindered = action === "compact" && !canCompact ? "n/a: its CLI has no command for it" : hindrance(member);
  const control = `${controlId(action, id, rhythm.handoffs)}-${rhythm.asked[action]?.seq}`;
  const give = (): Command[] => [
    { do: "control", agent: id, id: control, action },
    observe({ type: "cadence.sent", team: team.name, agent: id, beat: action }),
  ];
  return at(member, action, now, give, hindered);
}

/** Every so many handoffs the conversation is compacted or cleared, where a person wants that (P56). */
function reset(member: Member): Due {
  const { rhythm, delivery, team, id, now, canCompact } = member;
  const { policy, interval_handoffs: every } = delivery.conversation_reset;
  if (every === 0) return none("clear", "conversation_reset.interval_handoffs is 0");
  if (rhythm.sinceReset < every)
    return none(policy, `${rhythm.sinceReset} handoffs since the last one; ${every} are needed`);
  const hindered = policy === "compact" && !canCompact ? "n/a: its CLI has no command for it" : hindrance(member);
  const give = (): Command[] => [
    {
      do: "control",
      agent: id,
      id: beatMid(policy, `${id} ${rhythm.handoffs}`, now).replace("muster", policy),
      action: policy,
    },
    observe({ type: "cadence.sent", team: team.name, agent: id, beat: policy }),
  ];
  return at(member, policy, now, give, hindered);
}

/** A member of a running team as the beats see it; null = nothing is due to it any more. */
export function memberOf(state: State, team: Team, id: AgentId, now: Millis, canCompact: boolean): Member | null {
  const agent = state.agents[id];
  if (!agent || agent.dismissed || team.stopped) return null;
  const { delivery } = team.settings.cli_profiles;
  const more = { rhythm: rhythmIn(state, id), delivery, isSolo: team.seats.length < 2, backlog: backlogOf(state, id) };
  return { state, team, agent, id, now, canCompact, ...more };
}

/** Each beat that time brings, in the order in which they are given. */
export const duesOf = (member: Member): Due[] => [
  keepalive(member),
  idle(member),
  unreadNudge(member),
  isAsked(member.rhythm, "clear") ? wanted(member, "clear") : reset(member),
  isAsked(member.rhythm, "compact") ? wanted(member, "compact") : compact(member),
];

/** What is to be done for one member now, one beat at a time: what was given makes the others wait. */
export function beatsOf(member: Member): Pick<Due, "commands" | "next"> {
  const dues = duesOf(member);
  const given = dues.find(({ commands }) => commands.some(({ do: verb }) => verb !== "observe"));
  if (given) return { commands: given.commands, next: member.now };
  const times = dues.map(({ next }) => next).filter((next): next is Millis => next !== null);
  return {
    commands: dues.flatMap(({ commands }) => commands),
    next: times.length === 0 ? null : Math.min(...times),
  };
}
