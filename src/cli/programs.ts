import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import type { Environment } from "../core/environment.ts";
import { Refusal } from "../core/refusal.ts";

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Where a program is, in the same PATH that will start it; null = nowhere. */
export function which(name: string, env: Environment): string | null {
  const folders = (env.PATH ?? "").split(delimiter);
  const paths = name.includes("/") ? [name] : folders.map((folder) => join(folder, name));
  return paths.find(isProgram) ?? null;
}

/** Variables by which a person names their own program for a driver, whichever seat the driver has (P13). */
export const variableOf = (driver: string): string => `${driver.split(/[:-]/)[0]?.toUpperCase()}_I_CMD`;

/** The person's own program for a driver; undefined = the driver's. */
export function programFor(driver: string, env: Environment): string | undefined {
  const variable = variableOf(driver);
  const command = env[variable]?.trim();
  if (!command) return undefined;
  const [name = ""] = command.split(/\s+/);
  if (which(name, env)) return command;
  throw new Refusal("failed", `${variable} names ${name}, which is no program in PATH (${env.PATH ?? ""})`, "mend it");
}

/** A driver's name as the daemon takes it: the file of `mock:FILE` is meant from where the person stands, and must be there. */
export function driverFrom(given: string, cwd: string): string {
  const [, driver, file] = /^(mock|standin):(.+)$/s.exec(given) ?? [];
  if (file === undefined) return given;
  const path = resolve(cwd, file);
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return `${driver}:${path}`;
  throw new Refusal("usage", `${path} is no scenario file`, `${driver}:FILE names one`);
}
