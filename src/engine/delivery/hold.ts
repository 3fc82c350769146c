import type { Address, AgentId, Millis } from "../../core/ids.ts";
import type { State } from "../../core/state.ts";

/** Letters from one agent to one address within a minute; more are held (security S39). */
export const PER_MINUTE = 30;
const MINUTE_MS = 60_000;
const TOLD_MS = 600_000;

/** Has this agent written as much to this address as it may within a minute? A person's and System's messages never count. */
export function isOverPace(state: State, from: AgentId, to: Address, now: Millis, perMinute = PER_MINUTE): boolean {
  const since = now - MINUTE_MS;
  const recent = Object.values(state.messages).filter(
    (message) => message.from === from && message.to === to && message.at > since,
  );
  return recent.length >= perMinute;
}

/** Was a person told this very text lately? Two that answer each other are held anew every minute. */
export const isTold = (state: State, text: string, now: Millis): boolean =>
  state.notices.some((notice) => notice.text === text && notice.at > now - TOLD_MS);
