import { bridgeKey } from "../../core/bridges/bridges-state.ts";
import { PLATFORMS } from "../../core/bridges/port.ts";
import type { Event } from "../../core/facts.ts";
import type { State } from "../../core/state.ts";
import { teamOf } from "../../core/subject.ts";

/** Whatever is told of a repository is looked for again. */
export const uploadsKey = (repo: string): string => `uploads ${repo}`;

/** Facts after which a bridge may have to start or stop. */
const MOVES = ["bridge.wanted", "settings.loaded", "team.formed", "team.stopped"];

const repoOf = (event: Event, state: State): string | undefined => {
  const { repo } = event as { repo?: unknown };
  return typeof repo === "string" ? repo : state.teams[teamOf(event, state) ?? ""]?.repo;
};

function keysOf(event: Event, state: State): string[] {
  const repo = repoOf(event, state);
  if (repo === undefined) return [];
  const chats = Object.entries(state.bridges.chats).filter(([, chat]) => chat.repo === repo);
  const isForFiles = event.type === "bridge.started" || event.type === "bridge.subscribed";
  const bridges = MOVES.includes(event.type) ? PLATFORMS.map((platform) => bridgeKey({ repo, platform })) : [];
  return [...chats.map(([key]) => key), ...(isForFiles ? [uploadsKey(repo)] : []), ...bridges];
}

/** Tasks of the bridges' reactors that these facts touch. */
export function bridgeWakes(events: Event[], state: State): string[] {
  return [...new Set(events.flatMap((event) => keysOf(event, state)))];
}
