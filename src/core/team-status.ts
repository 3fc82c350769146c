import { panelLine } from "./boards/panel.ts";
import type { Rhythm } from "./cadence/state.ts";
import { isOver } from "./errands/errands-state.ts";
import { auxActor, foremanActor, foremanDue, foremanIn, isForemanOn } from "./errands/roles.ts";
import type { Activity, Permission } from "./facts.ts";
import type { AgentId, Millis, TeamName } from "./ids.ts";
import { type Agent, isOpen, type State, type Team } from "./state.ts";

/** How much a reader wants to see a part of a status line. */
export type StatusTone = "plain" | "dim" | "good" | "warn" | "bad";

export interface StatusPiece {
  text: string;
  tone: StatusTone;
}

/** Pieces that belong together on one line, e.g. all of `Mailbox A 2/31 B 0/28`. */
export type StatusPart = StatusPiece[];

export interface SeatStatus {
  seat: string;
  agent: AgentId;
  activity: Activity;
  /** Since when it does that. */
  since: Millis;
  permission: Permission;
  /** A stand-in without a model sits there. */
  isMock: boolean;
  /** Percent of its context that is used; null = its CLI does not say (P58). */
  context: number | null;
  /** Letters in its inbox that it has not read, and all that it ever got. */
  open: number;
  all: number;
  /** Handoffs until its next self-check. */
  checkIn: number;
}

export interface ForemanStatus {
  agent: string;
  isOn: boolean;
  cc: boolean;
  isRunning?: boolean;
  /** When its latest run began, and how it ended: an exit code or `timeout`. */
  last?: { at: Millis; rc: string };
  next?: Millis;
  /** Why the run that was due last was not made. */
  skipped?: string;
}

/** How a team is, as every status line says it (P57). What nobody knows is absent. */
export interface TeamStatus {
  team: TeamName;
  isSolo: boolean;
  seats: SeatStatus[];
  stopped?: string;
  paused?: Millis;
  evidence: { verified: number; claimed: number; refuted: number };
  patches: { queued: number; committed: number; refused: number };
  /** Letters that a rule of the team keeps back. */
  held: number;
  /** Open decisions. */
  rfds: number;
  /** Settings files that are wrong. */
  problems: number;
  /** `n/a`: no CLI of the team has a command for it (P55). */
  autoCompact: "on" | "off" | "n/a";
  /** Driver of the helper, and how much it does now; null = off. */
  aux: string | null;
  /** The user's proxy: who runs for it, whether its timer is on, and whether the user gets copies; null = off. */
  foreman: ForemanStatus | null;
  /** Changes in the tree that came through no patch. */
  unqueued: number;
  /** The strategic board: its path, when it was changed last, and what its lint says. */
  por?: { path: string; updatedAt: Millis; lint: number };
  /** The plan in one line; absent without one. */
  plan?: string;
}

const contextOf = ({ usage }: Agent): number | null =>
  usage?.contextSize ? Math.min(100, Math.round((100 * usage.contextTokens) / usage.contextSize)) : null;

function seatStatus(state: State, team: Team, seat: string, agent: Agent): SeatStatus {
  const id = agent.hire.agent;
  const letters = Object.values(state.messages).filter(({ to, number }) => to === id && number > 0);
  const rhythm: Rhythm | undefined = state.rhythms[id];
  const every = team.settings.cli_profiles.delivery.self_check_every_handoffs;
  return {
    seat,
    agent: id,
    activity: agent.activity,
    since: agent.since,
    permission: agent.hire.permission,
    isMock: agent.hire.driver === "standin",
    context: contextOf(agent),
    open: letters.filter((letter) => isOpen(letter) || (letter.state === "delivered" && !letter.isRead)).length,
    all: state.numbers[id] ?? 0,
    checkIn: Math.max(0, every - (rhythm?.sinceCheck ?? 0)),
  };
}

/** Who runs for the user, and how that goes; null = nobody was chosen. */
function foremanStatus(state: State, team: Team): ForemanStatus | null {
  const { agent, cc_user } = team.settings.foreman;
  if (foremanActor(team.settings) === null) return null;
  const foreman = foremanIn(state, team.name);
  const { lastStartAt, rc, errand, skipped } = foreman;
  const isOn = isForemanOn(team);
  return {
    ...{ agent, isOn, cc: cc_user, isRunning: errand !== undefined, skipped: skipped?.reason },
    last: lastStartAt === undefined || rc === undefined ? undefined : { at: lastStartAt, rc },
    next: isOn && errand === undefined && !team.stopped ? foremanDue(team, foreman) : undefined,
  };
}

/** `gemini`, `gemini, 2 at work`; null = off. */
function auxStatus({ errands }: State, { name, settings }: Team): string | null {
  const actor = auxActor(settings);
  const open = Object.values(errands.all).filter((one) => one.team === name && one.role === "aux" && !isOver(one));
  return actor !== null && open.length > 0 ? `${actor}, ${open.length} at work` : actor;
}

function autoCompact(state: State, { seats, settings }: Team): TeamStatus["autoCompact"] {
  if (!settings.cli_profiles.delivery.auto_compact.enabled) return "off";
  const isMissing = seats.length > 0 && seats.every(({ agent }) => state.agents[agent]?.hire.canCompact === false);
  return isMissing ? "n/a" : "on";
}

/** Reads a team's status out of the state; undefined = there is no such team. */
export function teamStatus(state: State, name: TeamName): TeamStatus | undefined {
  const team = state.teams[name];
  if (!team) return undefined;
  const ofTeam = <T extends { team?: TeamName }>(all: Record<string, T>): T[] =>
    Object.values(all).filter((one) => one.team === name);
  const evidence = ofTeam(state.evidence);
  const patches = ofTeam(state.patches);
  const boards = state.boards[name];
  const judged = (verdict: string) => evidence.filter((one) => one.verdict === verdict).length;
  const ended = (end: string) => patches.filter((patch) => patch.state === end).length;
  return {
    team: name,
    isSolo: team.topology === "solo",
    seats: team.seats.flatMap(({ seat, agent }) => {
      const known = state.agents[agent];
      return known ? [seatStatus(state, team, seat, known)] : [];
    }),
    stopped: team.stopped,
    paused: team.paused?.at,
    evidence: { verified: judged("verified"), claimed: judged("claimed"), refuted: judged("refuted") },
    patches: { queued: ended("queued"), committed: ended("committed"), refused: ended("refused") },
    held: ofTeam(state.messages).filter(({ held }) => held !== undefined).length,
    rfds: ofTeam(state.rfds).filter(({ decided }) => decided === undefined).length,
    problems: team.problems.length,
    autoCompact: autoCompact(state, team),
    aux: auxStatus(state, team),
    foreman: foremanStatus(state, team),
    unqueued: team.tree?.unqueued.length ?? 0,
    por: boards?.por && { path: boards.por.path, updatedAt: boards.por.updatedAt, lint: boards.por.lint.length },
    plan: Object.keys(boards?.tasks ?? {}).length > 0 ? panelLine(boards) : undefined,
  };
}

const MINUTE = 60_000;

/** `12s`, `4m`, `2h`, `3d`: how long something lasts, at a glance. */
export function span(ms: Millis): string {
  const units = [
    [24 * 60 * MINUTE, "d"],
    [60 * MINUTE, "h"],
    [MINUTE, "m"],
  ] as const;
  const found = units.find(([length]) => ms >= length);
  return found ? `${Math.floor(ms / found[0])}${found[1]}` : `${Math.max(0, Math.floor(ms / 1000))}s`;
}

/** What an activity means to somebody who looks on. */
const ACTIVITIES: Record<Activity, { word: string; tone: StatusTone }> = {
  starting: { word: "starts", tone: "dim" },
  idle: { word: "idle", tone: "plain" },
  busy: { word: "busy", tone: "good" },
  waiting: { word: "needs you", tone: "warn" },
  limited: { word: "limited", tone: "warn" },
  exited: { word: "ended", tone: "dim" },
  lost: { word: "lost", tone: "bad" },
  unknown: { word: "unknown", tone: "dim" },
};

const letterOf = (seat: string): string => seat.replace(/^Peer/, "");
const piece = (text: string, tone: StatusTone = "plain"): StatusPiece => ({ text, tone });

function agentPieces({ seat, activity, since, permission, isMock }: SeatStatus, now: Millis): StatusPiece[] {
  const { word, tone } = ACTIVITIES[activity];
  const isTimed = activity === "idle" || activity === "busy" || activity === "waiting" || activity === "limited";
  return [
    piece(`${letterOf(seat)} `),
    piece(isTimed ? `${word} ${span(now - since)}` : word, tone),
    ...(isMock ? [piece(" MOCK", "dim")] : []),
    ...(permission === "danger-full-access" ? [piece(` ${permission}`, "bad")] : []),
  ];
}

/** Several seats in one part: `Mailbox A 2/31 B 0/28`. */
function perSeat(name: string, seats: SeatStatus[], say: (seat: SeatStatus) => string): StatusPart {
  return [piece(name, "dim"), ...seats.map((seat) => piece(` ${letterOf(seat.seat)} ${say(seat)}`))];
}

function agentsPart({ seats }: TeamStatus, now: Millis): StatusPart {
  const pieces = seats.flatMap((seat, index) => [piece(index === 0 ? " " : " | ", "dim"), ...agentPieces(seat, now)]);
  return [piece("Agents", "dim"), ...pieces];
}

function evidencePart({ evidence, patches, unqueued }: TeamStatus): StatusPart {
  const { verified, claimed, refuted } = evidence;
  const marks = [
    piece(` ${verified} verified`, verified > 0 ? "good" : "plain"),
    ...(claimed > 0 ? [piece(` ${claimed} claimed`)] : []),
    ...(refuted > 0 ? [piece(` ${refuted} refuted`, "bad")] : []),
    piece(` ${patches.committed} committed`, patches.committed > 0 ? "good" : "plain"),
    ...(patches.queued > 0 ? [piece(` ${patches.queued} in the queue`, "warn")] : []),
    ...(unqueued > 0 ? [piece(` ${unqueued} unqueued`, "warn")] : []),
  ];
  return [piece("Evidence", "dim"), ...marks];
}

function nextPart({ seats, autoCompact }: TeamStatus): StatusPart {
  const soonest = Math.min(...seats.map(({ checkIn }) => checkIn));
  const check = Number.isFinite(soonest) ? [piece(` self-check in ${soonest}`), piece(" |", "dim")] : [];
  return [piece("Next:", "dim"), ...check, piece(` auto-compact ${autoCompact}`)];
}

/** The board's path is always there (2.); its age tells whether anybody keeps it. */
function porPart({ por }: TeamStatus, now: Millis): StatusPart {
  if (!por) return [piece("POR", "dim"), piece(" none yet")];
  const lint = por.lint > 0 ? [piece(` ${por.lint} to mend`, "warn")] : [];
  return [piece("POR", "dim"), piece(` ${por.path} ${span(now - por.updatedAt)} ago`), ...lint];
}

/** `Foreman: RUNNING | last @ 10:31 rc=0 | next @ 10:46 | cc: ON`; what is not known is left out. */
function foremanPart(foreman: ForemanStatus | null, clock: (at: Millis) => string): StatusPart {
  if (!foreman) return [piece("Foreman", "dim"), piece(" off")];
  const { agent, isOn, cc, isRunning, last, next, skipped } = foreman;
  const state = isRunning ? piece(" RUNNING", "good") : piece(` ${agent} ${isOn ? "on" : "off"}`);
  const rest = [
    ...(last ? [`last @ ${clock(last.at)} rc=${last.rc}`] : []),
    ...(skipped === undefined ? [] : [`skipped: ${skipped}`]),
    ...(next === undefined ? [] : [`next @ ${clock(next)}`]),
    `cc: ${cc ? "ON" : "OFF"}`,
  ];
  return [piece("Foreman:", "dim"), state, piece(` | ${rest.join(" | ")}`)];
}

function planPart({ plan }: TeamStatus): StatusPart[] {
  if (plan === undefined) return [];
  return [[piece(plan, plan.includes("BLOCKED") ? "warn" : "plain")]];
}

/** What stands above all else, because nothing goes on until somebody acts. */
function bannerParts(
  { paused, stopped, held, rfds, problems }: TeamStatus,
  clock: (at: Millis) => string,
): StatusPart[] {
  return [
    ...(stopped === undefined ? [] : [[piece(`ENDED: ${stopped}`, "warn")]]),
    ...(paused === undefined || stopped !== undefined
      ? []
      : [[piece(`PAUSED since ${clock(paused)}`, "warn"), piece(" /resume delivers again", "dim")]]),
    ...(rfds > 0 ? [[piece(`${rfds} to decide`, "warn"), piece(" /rfd", "dim")]] : []),
    ...(held > 0 ? [[piece(`${held} held`, "warn"), piece(" /queue", "dim")]] : []),
    ...(problems > 0 ? [[piece(`${problems} wrong in the settings`, "bad"), piece(" /status", "dim")]] : []),
  ];
}

/** The status lines in parts, most urgent first; `clock` says a time of day. */
export function statusParts(status: TeamStatus, now: Millis, clock: (at: Millis) => string): StatusPart[] {
  const { seats } = status;
  const known = seats.some(({ context }) => context !== null);
  const shown = (context: number | null) => (context === null ? "unknown" : `${context}%`);
  return [
    ...bannerParts(status, clock),
    agentsPart(status, now),
    perSeat("Mailbox", seats, ({ open, all }) => `${open}/${all}`),
    evidencePart(status),
    ...(known
      ? [perSeat("Context", seats, ({ context }) => shown(context))]
      : [[piece("Context", "dim"), piece(" unknown")]]),
    porPart(status, now),
    nextPart(status),
    ...planPart(status),
    [piece("Aux", "dim"), piece(` ${status.aux ?? "off"}`)],
    foremanPart(status.foreman, clock),
  ];
}

/** Parts as plain text, for a chat or a pipe. */
export const statusText = (parts: StatusPart[]): string[] => parts.map((part) => part.map(({ text }) => text).join(""));
