import { lstat, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { FileEdit, UpgradedFile } from "../core/premises.ts";
import { Refusal } from "../core/refusal.ts";
import { addedLines, withMissingKeys, withSetting } from "../core/settings/edit.ts";
import { SETTINGS_FILES, type SettingsFile } from "../core/settings/settings.ts";
import { templateOf } from "../core/settings/template.ts";
import { settingsPath, textOf } from "./settings.ts";

const FOLDERS = ["settings", "mailbox", "state", "logs", "work", "rules", "tasks"];

/** A link in its place would lead our writes into somebody else's files (S38). */
async function requireFolder(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  if (!found) {
    await mkdir(path, { mode: 0o700 });
    return true;
  }
  if (found.isDirectory()) return false;
  throw new Refusal("state", `${path} is not a folder of its own`, "remove it; Muster makes it again");
}

/** Makes `.muster` and its folders; the folder ignores itself, so that nothing in it is committed by accident. */
async function requireFolders(repo: string): Promise<void> {
  const muster = join(repo, ".muster");
  if (await requireFolder(muster)) await writeFile(join(muster, ".gitignore"), "*\n", { mode: 0o600 });
  for (const name of FOLDERS) await requireFolder(join(muster, name));
}

/** Written beside and renamed: whoever reads it at this moment sees the old file or the new one. */
async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await rm(temporary, { force: true });
  await writeFile(temporary, text, { mode: 0o600, flag: "wx" });
  await rename(temporary, path);
}

async function documentOf(text: string) {
  const { parseDocument } = await import("yaml");
  return parseDocument(text, { uniqueKeys: true, maxAliasCount: 20 } as object);
}

/** What a file says, without sections that hold nothing. */
function pruned(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, pruned(one)] as const);
  const left = entries.filter(([, one]) => one !== undefined && one !== null);
  return left.length > 0 ? Object.fromEntries(left) : undefined;
}

const isSame = async (left: string, right: string): Promise<boolean> => {
  const [one, other] = [await documentOf(left), await documentOf(right)];
  return other.errors.length === 0 && isDeepStrictEqual(pruned(one.toJS()), pruned(other.toJS()));
};

/** The same by the document itself, where its lines cannot be changed. */
async function byDocument(text: string, { path, value }: FileEdit): Promise<string> {
  const { isMap } = await import("yaml");
  const document = await documentOf(text);
  for (let depth = 0; depth < path.length; depth++) {
    const section = path.slice(0, depth);
    if (!isMap(depth === 0 ? document.contents : document.getIn(section, true)))
      document.setIn(section, document.createNode({}));
  }
  document.setIn(path, value);
  return document.toString({ lineWidth: 0 });
}

async function edited(text: string, edit: FileEdit): Promise<string> {
  const whole = await byDocument(text, edit);
  const byLines = withSetting(edit.file, text, edit);
  return byLines !== null && (await isSame(whole, byLines)) ? byLines : whole;
}

/** A file that is wrong is nobody's to change but its owner's. */
async function requireParsable(path: string, text: string): Promise<void> {
  const { LineCounter, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  const [error] = parseDocument(text, { lineCounter: lines, uniqueKeys: true } as object).errors;
  if (!error) return;
  const { line, col } = lines.linePos(error.pos[0]);
  const message = `${path}:${line}:${col}: ${error.message.split("\n")[0]}`;
  throw new Refusal("failed", message, "mend the file; nothing was written");
}

/** Sets keys in settings files and keeps everything else in them, comments too. */
export async function writeSettings(repo: string, edits: FileEdit[]): Promise<void> {
  const texts = new Map<SettingsFile, string>();
  for (const edit of edits) {
    const path = settingsPath(repo, edit.file);
    const text = texts.get(edit.file) ?? (await textOf(path)) ?? templateOf(edit.file);
    await requireParsable(path, text);
    texts.set(edit.file, await edited(text, edit));
  }
  await requireFolders(repo);
  for (const [file, text] of texts) await replaceFile(settingsPath(repo, file), text);
}

/** Has a person written this key down? An unreadable file says no. */
export async function isWritten(repo: string, file: SettingsFile, path: string[]): Promise<boolean> {
  const document = await documentOf((await textOf(settingsPath(repo, file))) ?? "");
  return document.errors.length === 0 && document.hasIn(path);
}

async function upgraded(repo: string, file: SettingsFile): Promise<UpgradedFile & { text: string }> {
  const shown = join(".muster", "settings", `${file}.yaml`);
  const before = await textOf(settingsPath(repo, file));
  if (before === null) {
    const text = templateOf(file);
    return { path: shown, what: "created", diff: addedLines("", text), text };
  }
  await requireParsable(settingsPath(repo, file), before);
  const { text, added } = withMissingKeys(file, before);
  const isUseful = added.length > 0 && (await isSame(before, text));
  if (!isUseful) return { path: shown, what: "kept", diff: [], text: before };
  return { path: shown, what: "extended", diff: addedLines(before, text), text };
}

/** Adds the files and keys that a repository's settings lack; all of them are read before one is written. */
export async function upgradeSettings(repo: string, isDry: boolean): Promise<UpgradedFile[]> {
  const files: (UpgradedFile & { text: string; file: SettingsFile })[] = [];
  for (const file of SETTINGS_FILES) files.push({ ...(await upgraded(repo, file)), file });
  const changed = files.filter(({ what }) => what !== "kept");
  if (!isDry) {
    await requireFolders(repo);
    for (const { file, text } of changed) await replaceFile(settingsPath(repo, file), text);
  }
  return files.map(({ path, what, diff }) => ({ path, what, diff }));
}
