import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Mid } from "../core/ids.ts";

/** What stands around a letter in an inbox (docs/team.md). */
export interface InboxLetter {
  mid: Mid;
  number: number;
  /** `user`, `system`, `PeerA` ... */
  sender: string;
  at: number;
  text: string;
}

/** `processed/` keeps so many letters. */
const KEPT = 200;

const tagOf = (sender: string): string => (sender === "user" || sender === "system" ? sender.toUpperCase() : sender);

/** Made once: it takes longer than writing the letter. */
const zones = new Intl.DateTimeFormat("en", { timeZoneName: "short" });

/** `YYYY-MM-DD HH:MM:SS TZ (UTC+HH:MM)` in the machine's zone. */
function stamp(at: number): string {
  const date = new Date(at);
  const offset = -date.getTimezoneOffset();
  const two = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, "0");
  const zone = zones.formatToParts(date).find((part) => part.type === "timeZoneName");
  const local = new Date(at + offset * 60_000).toISOString().slice(0, 19).replace("T", " ");
  return `${local} ${zone?.value ?? "UTC"} (UTC${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)})`;
}

const inboxText = ({ mid, sender, at, text }: InboxLetter): string =>
  `<FROM_${tagOf(sender)}>\n[MID: ${mid}]\n[TS: ${stamp(at)}]\n${text}\n</FROM_${tagOf(sender)}>\n`;

export const inboxName = (number: number, mid: Mid): string => `${String(number).padStart(6, "0")}.${mid}.txt`;

/**
 * Writes a letter into an inbox folder whole, by rename. A letter that the agent has filed already is not put back. Without a
 * thread: the turns of five would take longer than all of it.
 */
export function placeLetter(inbox: string, letter: InboxLetter): string {
  const name = inboxName(letter.number, letter.mid);
  const path = join(inbox, name);
  mkdirSync(inbox, { recursive: true, mode: 0o700 });
  if (existsSync(join(inbox, "..", "processed", name))) return path;
  const temporary = join(inbox, `.${name}.tmp`);
  // The agent owns this folder too: never through a link that waits under our name.
  rmSync(temporary, { force: true });
  writeFileSync(temporary, inboxText(letter), { mode: 0o600, flag: "wx" });
  renameSync(temporary, path);
  return path;
}

/** Moves a letter to the read ones and keeps their number bounded. Harmless when the agent did it already. */
export async function fileLetter(path: string): Promise<void> {
  const processed = join(dirname(path), "..", "processed");
  await mkdir(processed, { recursive: true, mode: 0o700 });
  await rename(path, join(processed, basename(path))).catch(() => {});
  const names = (await readdir(processed)).sort();
  for (const name of names.slice(0, Math.max(0, names.length - KEPT))) await rm(join(processed, name), { force: true });
}

/** Puts a letter that its reader had filed back into the inbox. Harmless when it still lies there. */
export async function restoreLetter(path: string): Promise<void> {
  const filed = join(dirname(path), "..", "processed", basename(path));
  await rename(filed, path).catch(() => {});
}
