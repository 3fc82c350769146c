import { createHash } from "node:crypto";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../core/refusal.ts";
import {
  changesOf,
  readSettings,
  SETTINGS_FILES,
  type Settings,
  type SettingsFile,
  type SettingsRead,
  type SettingsWarning,
} from "../core/settings/settings.ts";
import type { SettingProblem } from "../core/settings/tree.ts";
import { readForeign } from "./safe-read.ts";

/** A settings file with more is nobody's settings. */
const LARGEST = 256 * 1024;

export const settingsPath = (repo: string, file: SettingsFile): string =>
  join(repo, ".muster", "settings", `${file}.yaml`);

/** A settings file as it stands; null = there is none. */
export async function textOf(path: string): Promise<string | null> {
  if (!(await lstat(path).catch(() => null))) return null;
  try {
    return new TextDecoder().decode(await readForeign(path, LARGEST));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refusal("failed", `${path}:1:1: ${why}`, "put a plain file there, or none");
  }
}

interface Place {
  line: number;
  col: number;
}

/** A YAML document that can say where each of its keys stands. */
async function documentOf(
  text: string,
): Promise<{ value: unknown; broken?: Place & { message: string }; placeOf(path: string[]): Place }> {
  if (text.trim() === "") return { value: {}, placeOf: () => ({ line: 1, col: 1 }) };
  const { LineCounter, parseDocument, isNode } = await import("yaml");
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, maxAliasCount: 20 } as object);
  const at = (offset: number): Place => lines.linePos(offset);
  const [error] = document.errors;
  if (error)
    return {
      value: {},
      broken: { ...at(error.pos[0]), message: error.message.split("\n")[0] ?? "" },
      placeOf: () => at(0),
    };
  return {
    value: document.toJS(),
    placeOf(path) {
      for (let depth = path.length; depth > 0; depth--) {
        const node = document.getIn(path.slice(0, depth), true);
        if (isNode(node) && node.range) return at(node.range[0]);
      }
      return { line: 1, col: 1 };
    },
  };
}

const sentenceOf = (path: string, { line, col }: Place, { path: keys, message }: SettingProblem): string =>
  `${path}:${line}:${col} ${keys.join(".")}: ${message}`;

async function readOne<F extends SettingsFile>(
  path: string,
  file: F,
  text: string,
): Promise<{ value: Settings[F]; problems: SettingsWarning[] }> {
  const { value: given, broken, placeOf } = await documentOf(text);
  const { value, problems } = readSettings(file, given);
  const said = problems.map((problem) => ({
    level: problem.level,
    text: sentenceOf(path, placeOf(problem.path), problem),
  }));
  if (broken) said.unshift({ level: "error", text: `${path}:${broken.line}:${broken.col}: ${broken.message}` });
  return { value, problems: said };
}

/**
 * The settings of a repository, their hash, and everything wrong with its files, with file, line and column. `before`: what was
 * read last; files that still say the same are not parsed again.
 */
export async function readSettingsOf(repo: string, before?: SettingsRead): Promise<SettingsRead> {
  const digest = createHash("sha256");
  const texts: [SettingsFile, string][] = [];
  for (const file of SETTINGS_FILES) {
    const text = (await textOf(settingsPath(repo, file))) ?? "";
    texts.push([file, text]);
    digest.update(`${file}\0${text}\0`);
  }
  const hash = digest.digest("hex").slice(0, 16);
  if (before?.hash === hash) return before;
  const settings: Partial<Record<SettingsFile, unknown>> = {};
  const problems: SettingsWarning[] = [];
  for (const [file, text] of texts) {
    const one = await readOne(settingsPath(repo, file), file, text);
    settings[file] = one.value;
    problems.push(...one.problems);
  }
  return { hash, changes: changesOf(settings as Settings), problems };
}
