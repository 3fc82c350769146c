import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Home } from "../../client/home.ts";
import { Refusal } from "../../core/refusal.ts";
import { flag, list, Misshapen, type ObjectOf, object, optional, text } from "../../core/shape.ts";
import { yamlValue } from "../yaml-text.ts";

const word = text({ min: 1, max: 4096 });

/** Flags of `start` that a template may hold, by their names. Where it runs, and that it is trusted, is said at each start. */
const FLAGS = {
  ...{ agent: optional(word), sandbox: optional(word), model: optional(word), reasoning: optional(word) },
  ...{ file: optional(list(word)), inline: optional(flag), map: optional(flag), worktree: optional(flag) },
  ...{ timeout: optional(word), budget: optional(word), "strip-ansi": optional(flag) },
};
const SHAPE = object({ prompt: text({ min: 1 }), flags: optional(object(FLAGS)) });

export type TemplateFlags = ObjectOf<typeof FLAGS>;

export interface Template {
  prompt: string;
  flags: TemplateFlags;
}

const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;
const ENDING = ".yaml";

export function requireName(given: string | undefined): string {
  if (given !== undefined && NAME.test(given)) return given;
  throw new Refusal(
    "usage",
    `${given ?? "nothing"} is no name of a template`,
    "a-z, 0-9 and -, at most 40, such as review",
  );
}

const pathOf = (home: Home, name: string): string => join(home.templates, `${requireName(name)}${ENDING}`);

const isMissing = (error: unknown): boolean => (error as { code?: string }).code === "ENOENT";

/** The names there are, in order. */
export function templateNames(home: Home): string[] {
  try {
    const names = readdirSync(home.templates).filter((name) => name.endsWith(ENDING));
    return names
      .map((name) => name.slice(0, -ENDING.length))
      .filter((name) => NAME.test(name))
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function textOf(home: Home, name: string): string {
  try {
    return readFileSync(pathOf(home, name), "utf8");
  } catch (error) {
    if (!isMissing(error)) throw error;
    const known = templateNames(home).join(", ");
    throw new Refusal(
      "missing",
      `no template ${name}`,
      known ? `there are ${known}` : "muster template save JOB makes one",
    );
  }
}

/** A template of this home; a Refusal names what is wrong in its file. */
export function readTemplate(home: Home, name: string): Template {
  const wrong = (why: string) => new Refusal("failed", `template ${name}: ${why}`, `mend ${pathOf(home, name)}`);
  const value = yamlValue(textOf(home, name), wrong);
  try {
    const { prompt, flags = {} } = SHAPE.read(value ?? {}, "");
    return { prompt, flags };
  } catch (misshapen) {
    if (misshapen instanceof Misshapen) throw wrong(misshapen.message);
    throw misshapen;
  }
}

/** Writes it whole; one of this name is replaced only when that is wanted. */
export function writeTemplate(home: Home, name: string, { prompt, flags }: Template, isForced: boolean): string {
  const path = pathOf(home, name);
  if (!isForced && templateNames(home).includes(name))
    throw new Refusal("state", `template ${name} exists`, "another name, or --force replaces it");
  mkdirSync(home.templates, { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, stringify({ prompt, flags }, { lineWidth: 0 }), { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return path;
}

export function removeTemplate(home: Home, name: string): void {
  textOf(home, name);
  rmSync(pathOf(home, name));
}
