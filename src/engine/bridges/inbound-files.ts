import type { ChatPlace } from "../../core/bridges/facts.ts";
import type { Incoming, IncomingFile } from "../../core/bridges/port.ts";
import { observe } from "../../core/commands.ts";
import type { ConsoleRight } from "../../core/console-line.ts";
import { DAEMON, type Mid } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Team } from "../../core/state.ts";
import { preview } from "../../core/text.ts";
import { type BridgeWorld, chatAt } from "./world.ts";

const MB = 1024 * 1024;

/** Does a list such as `text/*`, `image/png` name this type? */
export function isAllowed(mime: string, allowed: string[]): boolean {
  const type = (mime.split(";")[0] ?? "").trim().toLowerCase();
  return allowed.some((one) => (one.endsWith("/*") ? type.startsWith(one.slice(0, -1)) : type === one));
}

type FileSettings = Team["settings"]["telegram"]["files"];

function requireFit({ name, mime, size }: IncomingFile, { enabled, max_mb, allowed_mime }: FileSettings): void {
  const shown = preview(name, 60);
  if (!enabled) throw new Refusal("state", `${shown}: files are off here`, "nothing was sent");
  if (size > max_mb * MB)
    throw new Refusal("usage", `${shown} has ${(size / MB).toFixed(1)} MB; at most ${max_mb}`, "nothing was sent");
  if (!isAllowed(mime, allowed_mime))
    throw new Refusal(
      "usage",
      `${shown} is ${preview(mime, 60)}; allowed: ${allowed_mime.join(", ")}`,
      "nothing was sent",
    );
}

/** Keeps the files of a message and returns the lines that tell of them; throws before anything is kept that does not fit. */
export async function keepFiles(
  world: BridgeWorld,
  place: ChatPlace,
  team: Team,
  { files = [], sender }: Incoming,
  mid: Mid,
  rights: ConsoleRight[],
): Promise<string> {
  if (files.length === 0 || place.platform === "wecom") return "";
  if (!rights.includes("talk")) throw new Refusal("forbidden", "needs right talk", "ask the owner for it");
  const settings = team.settings[place.platform].files;
  for (const file of files) requireFit(file, settings);
  const lines: string[] = [];
  for (const file of files) {
    const bytes = await file.fetch();
    // What came is what counts, not what was promised.
    requireFit({ ...file, size: bytes.length }, settings);
    const origin = { platform: place.platform, chat: place.chat, mid, sender, at: world.clock.now() };
    const { name, mime } = file;
    const kept = await world.files.keep(place.repo, settings.inbound_dir, { name, mime, bytes, ...origin });
    lines.push(`File: ${kept.path}`, `SHA256: ${kept.sha256} Size: ${bytes.length} MIME: ${preview(mime, 80)}`);
    const about = { message: mid, file: kept.path, sha256: kept.sha256, size: bytes.length, mime: preview(mime, 80) };
    if (chatAt(world.state(), place)) world.dispatch(observe({ type: "bridge.filed", ...place, ...about }), DAEMON);
  }
  return `\n${lines.join("\n")}`;
}
