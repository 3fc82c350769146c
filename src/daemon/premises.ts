import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Permission } from "../core/facts.ts";
import type { DriverRow, FileEdit, Premises, UpgradedFile } from "../core/premises.ts";
import { Refusal } from "../core/refusal.ts";
import { driverNamed, KNOWN_DRIVERS } from "../drivers/registry.ts";
import { type ResetResult, resetRepository } from "../files/reset.ts";
import { isWritten, upgradeSettings, writeSettings } from "../files/settings-file.ts";
import { Git } from "../git/git.ts";
import { residualOf } from "../mailbox/residual.ts";
import type { PremisesDesk } from "../server/parts.ts";
import { existingFolder } from "./operations.ts";
import { ownSettings } from "./own-settings.ts";
import type { Parts } from "./parts.ts";

const LEVELS: Permission[] = ["read-only", "workspace-write", "danger-full-access"];

const ROLES: [role: string, file: FileEdit["file"], path: string[]][] = [
  ["peerA", "cli_profiles", ["roles", "peerA", "actor"]],
  ["peerB", "cli_profiles", ["roles", "peerB", "actor"]],
  ["aux", "cli_profiles", ["roles", "aux", "actor"]],
  ["foreman", "foreman", ["agent"]],
];

const driverRow = (name: string): DriverRow => {
  const { program, abilities } = driverNamed(name).driver;
  return { name, program, permissions: LEVELS.filter((level) => abilities.permissions[level] !== null) };
};

/** What the system says when a file cannot be had is no bug of ours. */
async function said<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, path } = (error ?? {}) as { code?: string; path?: string };
    if (error instanceof Refusal || code === undefined || path === undefined) throw error;
    throw new Refusal("failed", `${path}: ${code}`, "make room for it or give leave to write there");
  }
}

/** Looks at a repository before a team starts there, and changes its settings files. */
export function premisesOf({ engine, env, clock }: Parts): PremisesDesk {
  const git = new Git(env);
  async function look(path: string): Promise<Premises> {
    const repo = await existingFolder(path);
    const saved: string[] = [];
    for (const [role, file, key] of ROLES) if (await isWritten(repo, file, key)) saved.push(role);
    return {
      repo,
      settings: await ownSettings(git, repo),
      saved,
      isPermitted: engine.state.repositories[repo]?.isPermitted === true,
      residual: await residualOf(repo, ["PeerA", "PeerB"]),
      hasBrief: existsSync(join(repo, "PROJECT.md")),
      hasBoard: existsSync(join(repo, "docs", "por", "POR.md")),
      drivers: KNOWN_DRIVERS.map(driverRow),
    };
  }
  async function write(path: string, edits: FileEdit[]): Promise<void> {
    const repo = await existingFolder(path);
    await writeSettings(repo, edits);
  }
  async function upgrade(path: string, isDry: boolean): Promise<UpgradedFile[]> {
    return upgradeSettings(await existingFolder(path), isDry);
  }
  async function reset(path: string, archive: boolean): Promise<ResetResult> {
    const repo = await existingFolder(path);
    const running = Object.values(engine.state.teams).find((team) => !team.stopped && team.repo === repo);
    if (running) throw new Refusal("state", `team ${running.name} is running in ${repo}`, "muster stop it first");
    return resetRepository(repo, { archive, at: new Date(clock.now()) });
  }
  return {
    look: (path) => said(() => look(path)),
    write: (path, edits) => said(() => write(path, edits)),
    upgrade: (path, isDry) => said(() => upgrade(path, isDry)),
    reset: (path, archive) => said(() => reset(path, archive)),
  };
}
