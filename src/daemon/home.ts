import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Home } from "../client/home.ts";
import { Refusal } from "../core/refusal.ts";

/** Refuses a folder that somebody else made or that others may enter (security S19). */
function requirePrivate(folder: string): void {
  const found = lstatSync(folder);
  if (found.isSymbolicLink() || !found.isDirectory())
    throw new Refusal("failed", `${folder} is not a folder of its own`);
  if (found.uid !== process.getuid?.()) throw new Refusal("failed", `${folder} belongs to another user`);
  if ((found.mode & 0o077) === 0) return;
  throw new Refusal("failed", `${folder} is open to other users`, `chmod 700 ${folder}`);
}

/** Creates what is missing, private from the first moment. */
export function prepareHome(home: Home): void {
  process.umask(0o077);
  if (existsSync(home.folder)) requirePrivate(home.folder);
  for (const folder of [home.folder, home.jobs, home.agents, home.letters, home.spool]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  // A home with a long path has its sockets elsewhere, where another user may have prepared a folder.
  for (const socket of [home.socket, home.tmuxSocket]) {
    mkdirSync(dirname(socket), { recursive: true, mode: 0o700 });
    requirePrivate(dirname(socket));
  }
}

/** The person's token: 32 random bytes, made once, 0600. */
export function personToken(home: Home): string {
  if (existsSync(home.token)) return readFileSync(home.token, "utf8").trim();
  const token = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
  writeFileSync(home.token, `${token}\n`, { mode: 0o600, flag: "wx" });
  chmodSync(home.token, 0o600);
  return token;
}
