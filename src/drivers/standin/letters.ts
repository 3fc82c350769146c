import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Letter } from "./scenario.ts";

/** An absolute path, up to a blank or a quote. */
const PATH = /(?<![\w.])\/[^\s'"`⟦⟧<>]+/g;
const INBOX = "/inbox";

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

const filesIn = (folder: string): string[] =>
  readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter(isFile);

/** Letters which a prompt names, oldest first: files of an inbox or of the agent's letters; a named inbox means all of it. */
export function lettersNamed(prompt: string, letters: string | undefined): string[] {
  const isBox = (path: string): boolean => path.endsWith(INBOX) || path === letters;
  const found = [...prompt.matchAll(PATH)].flatMap(([match]) => {
    const path = resolve(match.replace(/[.,;:)\]]+$/, ""));
    if (isBox(dirname(path)) && isFile(path)) return [path];
    return isBox(path) && existsSync(path) ? filesIn(path) : [];
  });
  return [...new Set(found)];
}

/** A letter that was read goes to `processed/`, which is how its sender knows. */
export function archive(path: string): void {
  const folder = dirname(path);
  const processed = join(basename(folder) === "inbox" ? dirname(folder) : folder, "processed");
  mkdirSync(processed, { recursive: true });
  renameSync(path, join(processed, basename(path)));
}

/** The seat whose letters have no fence: its mailbox is read by other rules. */
export const FOREMAN = "Foreman";

/** Text with its outer tag and one insight fence (docs/team.md). */
export function composed(letter: Letter, seat: string): string {
  const tag = `TO_${letter.to.toUpperCase()}`;
  if (letter.raw) return letter.text;
  const body = letter.text.includes(`<${tag}>`) ? letter.text.trim() : `<${tag}>\n${letter.text.trim()}\n</${tag}>`;
  if (body.includes("```insight") || seat === FOREMAN) return `${body}\n`;
  const refs = letter.refs ? `refs: [${letter.refs.join(", ")}]\n` : "";
  const insight = `who: ${seat}\nkind: ${letter.kind ?? "note"}\nnext: ${letter.next ?? "wait for an answer"}\n${refs}`;
  return `${body}\n\`\`\`insight\n${insight}\`\`\`\n`;
}

let count = 0;

/** The safe way: a unique name, renamed into `out/`. */
export function post(mailbox: string, to: Letter["to"], text: string): string {
  const out = join(mailbox, "out");
  mkdirSync(out, { recursive: true });
  const name = `${Date.now()}-${process.pid}-${++count}.to_${to}.md`;
  const temporary = join(mailbox, `.${name}.tmp`);
  writeFileSync(temporary, text);
  renameSync(temporary, join(out, name));
  return join(out, name);
}

/** The way of the seed: the whole file is overwritten; an AI that keeps the rules waits while the last one lies there. */
export async function overwrite(mailbox: string, name: string, text: string, wait: number): Promise<string> {
  mkdirSync(mailbox, { recursive: true });
  const path = join(mailbox, name);
  const until = performance.now() + wait;
  while (existsSync(path) && performance.now() < until) await Bun.sleep(25);
  writeFileSync(path, text);
  return path;
}

export const readText = (path: string): string | null => (existsSync(path) ? readFileSync(path, "utf8") : null);
