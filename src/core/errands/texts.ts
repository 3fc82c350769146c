import { rhythmIn } from "../cadence/state.ts";
import type { Millis } from "../ids.ts";
import { isOpen, type State, type Team } from "../state.ts";
import { span } from "../team-status.ts";
import { foremanIn } from "./roles.ts";

/** `20261126-072301`: the name of a folder for what begins at this time, in UTC. */
export const stampOf = (at: Millis): string =>
  new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");

const counted = (count: number, one: string, many: string): string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];

/** What waits in a team, in one line: for whoever looks after it. */
export function openItems(state: State, team: Team): string {
  const ofTeam = <T extends { team?: string }>(all: Record<string, T>): T[] =>
    Object.values(all).filter((one) => one.team === team.name);
  const letters = ofTeam(state.messages).filter((message) => isOpen(message));
  const most = team.settings.cli_profiles.delivery.single_peer.keepalive_max_nudges;
  const [first] = team.seats;
  const isSpent = team.seats.length < 2 && first && rhythmIn(state, first.agent).keepalives >= most;
  const items = [
    ...counted(letters.length, "letter on its way", "letters on their way"),
    ...counted(letters.filter(({ held }) => held).length, "of them held", "of them held"),
    ...counted(ofTeam(state.patches).filter((patch) => patch.state === "queued").length, "patch waits", "patches wait"),
    ...counted(ofTeam(state.rfds).filter(({ decided }) => !decided).length, "decision waits", "decisions wait"),
    ...(isSpent ? [`${first.seat} is idle and its reminders are used up: your message wakes it`] : []),
  ];
  return items.join(", ") || "none";
}

/** The three lines between the Foreman's rules and its task (3.15). */
export function foremanOutlook(state: State, team: Team, now: Millis): string {
  const { lastEndAt, rc } = foremanIn(state, team.name);
  const time = new Date(now).toISOString().replace("T", " ").slice(0, 16);
  const last = lastEndAt === undefined ? "none yet" : `${span(now - lastEndAt)} ago, rc=${rc}`;
  return `Time: ${time} UTC\nLast run: ${last}\nOpen items: ${openItems(state, team)}`;
}

const ANSWER_PART = 6000;

/** The beginning and the end of a long text. */
export function ends(text: string, part = ANSWER_PART): string {
  const letters = [...text.trim()];
  if (letters.length <= 2 * part) return letters.join("");
  const left = letters.length - 2 * part;
  return `${letters.slice(0, part).join("")}\n[... ${left} characters ...]\n${letters.slice(-part).join("")}`;
}
