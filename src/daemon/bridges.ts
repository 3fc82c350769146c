import { existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FolderChatFiles } from "../bridges/files.ts";
import { BRIDGES } from "../bridges/registry.ts";
import { type Home, secretsOf } from "../client/home.ts";
import type { BridgeRegistry, Platform } from "../core/bridges/port.ts";
import { Refusal } from "../core/refusal.ts";
import { Courier } from "../engine/bridges/courier.ts";
import { ChatDesk } from "../engine/bridges/desk.ts";
import { BridgeRoster } from "../engine/bridges/roster.ts";
import { UploadReactor } from "../engine/bridges/uploads.ts";
import { bridgeWakes } from "../engine/bridges/wakes.ts";
import type { BridgeWorld } from "../engine/bridges/world.ts";
import type { Errands } from "../engine/console/console.ts";
import type { Reactor, Reactors } from "../engine/reactor.ts";
import { readForeign } from "../files/safe-read.ts";
import { lockHome } from "../store/database.ts";
import { consoleOf } from "./console.ts";
import type { Parts } from "./parts.ts";
import { sha256 } from "./system.ts";

/** The chats of all teams. `close` ends every bridge; what is wanted stays wanted. */
export interface BridgeWork {
  desk: ChatDesk;
  roster: BridgeRoster;
  reactors: Reactor<unknown>[];
  close(): void;
}

/** A token that `muster token` keeps for a repository. */
async function storedSecret(home: Home, repo: string, variable: string): Promise<string | undefined> {
  const path = secretsOf(home, repo);
  if (!existsSync(path)) return undefined;
  const { parse } = await import("yaml");
  const found: unknown = parse(readFileSync(path, "utf8"));
  const value = (found as Record<string, unknown> | null)?.[variable];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** One folder for all homes of a user, where every daemon of theirs finds the others' locks. */
function lockFolder({ env }: Pick<Parts, "env">): string {
  const uid = process.getuid?.() ?? 0;
  const folder = join(env.XDG_RUNTIME_DIR || env.TMPDIR || "/tmp", `muster-bridges-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return folder;
  throw new Refusal("failed", `${folder} is not a private folder of yours`, "remove it");
}

function pidIn(path: string): number | null {
  try {
    const pid = Number(readFileSync(path, "utf8"));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

/** Held by the kernel for as long as the process lives; the process id beside it is for people (P85). */
export function lockToken(
  parts: Pick<Parts, "env">,
  platform: Platform,
  token: string,
): { release(): void } | { pid: number | null } {
  const path = join(lockFolder(parts), `${platform}-${token}`);
  const release = lockHome(`${path}.lock`);
  if (!release) return { pid: pidIn(`${path}.pid`) };
  writeFileSync(`${path}.pid`, String(process.pid), { mode: 0o600 });
  return { release };
}

export function openBridgeWork(parts: Parts, errands: Errands, registry: BridgeRegistry = BRIDGES): BridgeWork {
  const { clock, random, log, engine, environments, home, env } = parts;
  const world: BridgeWorld = {
    ...{ clock, random, log, registry, console: consoleOf(parts, errands) },
    files: new FolderChatFiles(readForeign, () => clock.now()),
    state: () => engine.state,
    dispatch: (command, by) => engine.dispatch(command, by),
    sha256,
    secret: async (repo, variable) =>
      environments.ofRepository(engine.state, repo)[variable] || env[variable] || storedSecret(home, repo, variable),
    lock: async (platform, token) => lockToken(parts, platform, token),
  };
  const desk = new ChatDesk(world);
  const roster = new BridgeRoster(world, (place, incoming) => desk.receive(place, incoming));
  desk.answerBy(roster);
  const reactors = [
    roster,
    new Courier(world, roster),
    new UploadReactor(world, roster),
  ] as unknown as Reactor<unknown>[];
  return { desk, roster, reactors, close: () => roster.close() };
}

/** Whatever is told of a repository wakes its chats. */
export function wakeBridges({ engine }: Parts, reactors: Reactors): void {
  engine.subscribe((events) => reactors.wake(...bridgeWakes(events, engine.state)));
}
