import type { ConsoleReply } from "../../core/api.ts";
import { type Chat, chatKey } from "../../core/bridges/bridges-state.ts";
import type { ChatPlace } from "../../core/bridges/facts.ts";
import type { BridgeRegistry, ChatFiles, Platform } from "../../core/bridges/port.ts";
import type { Command } from "../../core/commands.ts";
import type { Event } from "../../core/facts.ts";
import type { Principal } from "../../core/ids.ts";
import type { Clock, Log, Random } from "../../core/ports.ts";
import type { State, Team } from "../../core/state.ts";
import type { ConsoleCall } from "../console/console.ts";

/** Everything the bridges reach the rest by. */
export interface BridgeWorld {
  clock: Clock;
  random: Random;
  log: Pick<Log, "read" | "tail" | "body">;
  registry: BridgeRegistry;
  files: ChatFiles;
  console: { execute(call: ConsoleCall): Promise<ConsoleReply> };
  state(): State;
  dispatch(command: Command, by: Principal): Event[];
  sha256(text: string): string;
  /** A token by the variable it comes from; undefined = nobody has set it. */
  secret(repo: string, variable: string): Promise<string | undefined>;
  /** One instance for each token, on this machine: the way to let go, or the process that has it. */
  lock(platform: Platform, token: string): Promise<{ release(): void } | { pid: number | null }>;
}

/** The team that runs in a repository. */
export const runningIn = ({ teams }: State, repo: string): Team | undefined =>
  Object.values(teams).find((team) => team.repo === repo && team.stopped === undefined);

export const chatAt = ({ bridges }: State, place: ChatPlace): Chat | undefined => bridges.chats[chatKey(place)];

/** What settings say of a platform, in the keys that all of them have; WeCom's own file is shorter. */
export interface ChatRules {
  redact: string[];
  maxChars: number;
  maxLines: number;
  /** Milliseconds. */
  debounce: number;
  minInterval: number;
  isVerbose: boolean;
}

export function rulesOf({ settings, switches }: Team, platform: Platform): ChatRules {
  if (platform === "wecom") {
    const { redact_patterns: redact, verbose } = settings.wecom;
    const open = { maxChars: Number.POSITIVE_INFINITY, maxLines: Number.POSITIVE_INFINITY };
    return { redact, ...open, debounce: 30_000, minInterval: 0, isVerbose: switches.verbose ?? verbose };
  }
  const own = settings[platform];
  return {
    redact: own.redact_patterns,
    maxChars: own.max_msg_chars,
    maxLines: own.max_msg_lines,
    debounce: own.debounce_seconds * 1000,
    minInterval: own.to_user_min_interval_s * 1000,
    isVerbose: switches.verbose ?? own.show_peer_messages,
  };
}
