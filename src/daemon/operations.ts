import { readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Permission } from "../core/facts.ts";
import { Refusal } from "../core/refusal.ts";
import { driverNamed } from "../drivers/registry.ts";
import { Operations } from "../engine/operations.ts";
import { openMailbox } from "../mailbox/folders.ts";
import type { Parts } from "./parts.ts";
import { reviewRepository } from "./repository.ts";

/** Resolves a driver's name, and refuses a level that this driver cannot enforce. */
function driverFor(name: string, permission: Permission): { driver: string; scenario?: string } {
  const { driver, scenario } = driverNamed(name);
  if (driver.abilities.permissions[permission] !== null) return { driver: driver.name, scenario };
  throw new Refusal("failed", `${driver.name} cannot enforce ${permission}`, "choose another level or driver");
}

async function existingFolder(path: string): Promise<string> {
  const real = await realpath(path).catch(() => null);
  const found = real ? await stat(real) : null;
  if (real && found?.isDirectory()) return real;
  throw new Refusal("usage", `${path} is not a folder`, "give an existing one");
}

/** The daemon's operations: what people ask for in one step. */
export function operationsOf(parts: Parts): Operations {
  const { engine, clock, random } = parts;
  return new Operations({
    engine,
    clock,
    random,
    driver: driverFor,
    folder: existingFolder,
    review: reviewRepository,
    brief: (repo) => readFile(join(repo, "PROJECT.md"), "utf8").catch(() => ""),
    openMailbox,
  });
}
