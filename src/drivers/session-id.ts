import type { AgentId } from "../core/ids.ts";
import type { Place } from "../core/ports.ts";

/** Shaped as a UUID (version 4); the same seed gives the same id, so that runs can be compared. */
export function uuidFrom(seed: string): string {
  const hex = [1, 2].map((n) => Bun.hash.wyhash(seed, BigInt(n)).toString(16).padStart(16, "0")).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}

/** The session id of a fresh start is ours to choose; the receipts folder stands for agent and incarnation. */
export const sessionId = (agent: AgentId, place: Place): string => uuidFrom(`${agent}\n${place.receipts}`);
