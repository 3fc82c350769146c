import { readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Environment, loginIn } from "../core/environment.ts";
import type { Hire, Permission } from "../core/facts.ts";
import { Refusal } from "../core/refusal.ts";
import { driverNamed } from "../drivers/registry.ts";
import { Operations } from "../engine/operations.ts";
import { writeRulebook } from "../files/rulebook.ts";
import { Git } from "../git/git.ts";
import { Worktrees } from "../git/worktrees.ts";
import { openMailbox } from "../mailbox/folders.ts";
import { settleResidual } from "../mailbox/residual.ts";
import { ownSettings } from "./own-settings.ts";
import type { Parts } from "./parts.ts";
import { reviewRepository } from "./repository.ts";

/** Resolves a driver's name, and refuses a level that this driver cannot enforce. */
export function driverFor(name: string, permission: Permission): Pick<Hire, "driver" | "scenario" | "canCompact"> {
  const { driver, scenario } = driverNamed(name);
  const { compact, permissions } = driver.abilities;
  if (permissions[permission] !== null) return { driver: driver.name, scenario, canCompact: compact !== undefined };
  throw new Refusal("failed", `${driver.name} cannot enforce ${permission}`, "choose another level or driver");
}

/** A program that is missing would fail behind the person's back, in a terminal nobody looks at. */
export function requireProgram({ driver: name, command, cwd }: Hire, env: Environment): void {
  const { program } = driverNamed(name).driver;
  const [wanted] = command?.split(/\s+/).filter(Boolean) ?? [program?.name];
  if (wanted === undefined || Bun.which(wanted, { PATH: env.PATH ?? "", cwd })) return;
  const hint = command === undefined && program ? program.install : "name a program that is there";
  const where = wanted.includes("/") ? "" : ` in PATH (${env.PATH ?? ""})`;
  throw new Refusal("failed", `driver ${name} needs ${wanted}, which is no program${where}`, hint);
}

export async function existingFolder(path: string): Promise<string> {
  const real = await realpath(path).catch(() => null);
  const found = real ? await stat(real) : null;
  if (real && found?.isDirectory()) return real;
  throw new Refusal("usage", `${path} is not a folder`, "give an existing one");
}

/** What a repository says it is for; empty when it says nothing. */
export const briefOf = (repo: string): Promise<string> => readFile(join(repo, "PROJECT.md"), "utf8").catch(() => "");

/** A digest of whose login a driver's CLI uses: it tells logins apart, and nothing of them. */
export const accountIn = (driver: string, env: Environment): string =>
  new Bun.CryptoHasher("sha256").update(loginIn(driver, env)).digest("hex").slice(0, 12);

/** The daemon's operations: what people ask for in one step. */
export function operationsOf(parts: Parts): Operations {
  const { engine, clock, random, env, environments } = parts;
  const git = new Git(env);
  return new Operations({
    engine,
    clock,
    random,
    driver: driverFor,
    budgetUnits: (name) => driverNamed(name).driver.abilities.budgets ?? [],
    requireProgram: (hire, given) => requireProgram(hire, given ?? env),
    login: (driver, given) => accountIn(driver, given ?? env),
    folder: existingFolder,
    review: (repo) => reviewRepository(repo, env),
    brief: briefOf,
    openMailbox,
    openWorktree: (folder, agent) => new Worktrees(git).open(folder, agent),
    settings: (repo) => ownSettings(git, repo),
    writeRules: writeRulebook,
    residual: settleResidual,
    keepEnvironment: (agent, given, more) => environments.keep(agent, given, more),
  });
}
