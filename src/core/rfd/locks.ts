import type { AgentId, Millis } from "../ids.ts";
import { matches } from "../patch-policy.ts";
import type { Team } from "../state.ts";
import type { Lock } from "./state.ts";

/** An advisory lock holds so long after its CLAIM or its author's last Progress (P51). */
export const LOCK_TTL_MS = 30 * 60_000;

/** Does this lock speak of this path: itself, a folder above it, or a glob? */
const covers = ({ files }: Pick<Lock, "files">, path: string): boolean =>
  files.some((file) => file === path || path.startsWith(`${file.replace(/\/$/, "")}/`) || matches(path, [file]));

/** Locks of others that still hold and speak of one of these paths. */
export const locksAgainst = ({ locks }: Team, agent: AgentId, paths: string[], now: Millis): Lock[] =>
  locks.filter((lock) => lock.agent !== agent && lock.until > now && paths.some((path) => covers(lock, path)));

/** The same for claims of files, which may be folders and globs themselves. */
export const overlapping = ({ locks }: Team, agent: AgentId, files: string[], now: Millis): Lock[] =>
  locks.filter(
    (lock) =>
      lock.agent !== agent &&
      lock.until > now &&
      files.some((file) => covers(lock, file) || lock.files.some((other) => covers({ files: [file] }, other))),
  );
