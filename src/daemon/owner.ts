import { readFileSync } from "node:fs";
import type { Home } from "../client/home.ts";
import { isRunning } from "../client/launch.ts";
import { Refusal } from "../core/refusal.ts";

/** A daemon that has just taken the lock says where it is within this time. */
const PATIENCE_MS = 3000;
const LOOK_AGAIN_MS = 20;

/** Who serves this home, by its endpoint file; null = nobody has written one, or whoever did is gone. */
function ownerOf(home: Home): { pid: number; url: string } | null {
  try {
    const { pid, url } = JSON.parse(readFileSync(home.endpoint, "utf8"));
    return isRunning(pid) ? { pid, url } : null;
  } catch {
    return null;
  }
}

/** What a daemon says that came too late (reliability F3): who runs here, and where. */
export async function tooLate(home: Home): Promise<Refusal> {
  const end = performance.now() + PATIENCE_MS;
  let owner = ownerOf(home);
  for (; !owner && performance.now() < end; owner = ownerOf(home)) await Bun.sleep(LOOK_AGAIN_MS);
  const who = owner ? `process ${owner.pid}, ${owner.url}` : "it has not said where yet";
  return new Refusal("state", `another daemon runs on ${home.folder}: ${who}`, "any command speaks to it");
}
