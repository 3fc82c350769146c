import { signal } from "@preact/signals";
import type { ConsoleReply } from "../core/api.ts";
import { CONSOLE_COMMANDS, type ConsoleSetting, parseConsoleLine } from "../core/console-line.ts";
import { Refusal } from "../core/refusal.ts";
import type { State, Team } from "../core/state.ts";
import { api, say, state } from "./store.ts";

/** What a line or a button brought, kept as long as the page. */
export interface Reply {
  id: number;
  team: string;
  line: string;
  lines: string[];
  tone: ConsoleReply["tone"] | "bad";
}

/** Replies kept. */
const KEPT = 20;

/** Newest first. */
export const replies = signal<Reply[]>([]);
let count = 0;

/** How this team's lines are read. */
export const settingOf = ({ seats }: Team): ConsoleSetting => ({ isSolo: seats.length < 2, defaultRoute: "both" });

/** A yes or no to the question of a peer. */
async function answer(of: State, { seats }: Team, [peer = "", ...reason]: string[], choice: "allow" | "deny") {
  const wanted = peer.toLowerCase();
  const seat = seats.find((one) => one.seat.toLowerCase() === wanted || one.seat.slice(4).toLowerCase() === wanted);
  const question = seat && of.agents[seat.agent]?.question;
  if (!seat || !question) throw new Refusal("state", `${peer} asks nothing`, "an open question stands above as a card");
  const body = { question: question.id, choice, ...(reason.length > 0 ? { reason: reason.join(" ") } : {}) };
  await api().post(`/api/actions/jobs/${seat.agent}/answer`, body);
  return [`${seat.seat}: ${choice === "allow" ? "allowed" : "denied"}`];
}

const help = (): string[] => Object.values(CONSOLE_COMMANDS).map(({ usage, help }) => `${usage}  ${help}`);

/** Carries out what is done where it is typed; null = it is the daemon's. */
async function here(of: State, team: Team, line: string): Promise<string[] | null> {
  const understood = parseConsoleLine(line, settingOf(team));
  if (understood.kind !== "command") return null;
  const { name, words } = understood;
  if (name === "allow" || name === "deny") return answer(of, team, words, name);
  if (name === "help") return help();
  if (name === "quit" || name === "paste")
    throw new Refusal("usage", `/${name} is for the console in a terminal`, "muster tui opens it");
  return null;
}

function keep(reply: Omit<Reply, "id">): void {
  replies.value = [{ id: ++count, ...reply }, ...replies.value].slice(0, KEPT);
}

async function replyTo(of: State, team: Team, line: string): Promise<ConsoleReply> {
  const lines = await here(of, team, line);
  if (lines) return { lines, tone: "plain" };
  const path = `/api/teams/${encodeURIComponent(team.name)}/console`;
  return api().post<ConsoleReply>(path, { line, channel: "web" });
}

/**
 * Carries out a console line, typed or of a button; what it brought stands beneath the line. False = it was refused, and
 * nothing happened.
 */
export async function order(team: Team, line: string, isButton = false): Promise<boolean> {
  const of = state.value;
  if (!of) return false;
  try {
    keep({ team: team.name, line, ...(await replyTo(of, team, line)) });
    return true;
  } catch (error) {
    const lines = error instanceof Refusal ? [error.message, error.hint].filter(Boolean) : [String(error)];
    keep({ team: team.name, line, lines, tone: "bad" });
    // A button may stand far from the line.
    if (isButton) say(lines.join("; "));
    return false;
  }
}
