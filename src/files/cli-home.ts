import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from "node:fs";
import { join, sep } from "node:path";
import {
  type CliEntry,
  type CliFolder,
  type CliFound,
  type CliHit,
  type CliHome as CliHomeView,
  type CliPart,
  type CliText,
  isSecretName,
  Withheld,
} from "../core/cli-home.ts";
import { Refusal } from "../core/refusal.ts";
import { masked } from "../core/secrets.ts";
import { readForeignPart, Unreadable } from "./safe-read.ts";

/** Bytes of a file that are given at once. */
const PIECE = 256 * 1024;
const ENTRIES = 1000;
const PARTS = ["CLAUDE.md", "settings.json", "agents", "commands", "skills", "plugins", "plans", "projects", "todos"];
/** Bounds of a search: files looked at, bytes of each, hits. */
const FILES = 2000;
const HITS = 100;
const HIT_TEXT = 200;
const YIELD_EVERY = 50;

const none = (path: string) => new Refusal("missing", `there is no ${path || "such folder"}`);

/** The parts of a relative path; anything that is none is refused. */
function segmentsOf(path: string): string[] {
  const segments = path.split("/").filter((part) => part !== "");
  if (path.startsWith("/") || /[\0\\]/.test(path) || segments.includes("..") || segments.includes("."))
    throw new Refusal("usage", "the path must lead down from the folder", "for instance projects/NAME/FILE.jsonl");
  return segments;
}

const isText = (bytes: Uint8Array): boolean => !bytes.subarray(0, 8192).includes(0);

/** Up to the last whole line, so that neither a character nor a secret is cut in two; a longer line is cut where it is. */
function wholeLines(bytes: Uint8Array, isEnd: boolean): Uint8Array {
  const last = bytes.lastIndexOf(10);
  return isEnd || last === -1 ? bytes : bytes.subarray(0, last + 1);
}

/**
 * The folder of a CLI in a person's home, to be looked at only (A100). Nothing outside of it is served, whatever links say;
 * credentials and dot files are not served either, and what looks like a secret in other files is masked.
 */
export class CliHome {
  constructor(
    private readonly folder: string,
    /** As a person writes it. */
    private readonly shownAs: string,
    /** Muster's own home, which is never served, should somebody have put it in there. */
    private readonly own: string,
  ) {}

  overview(): CliHomeView {
    const parts = PARTS.flatMap((path): CliPart[] => {
      const found = this.look(path);
      if (!found) return [];
      if (!found.isDirectory()) return [{ path, kind: "file", files: 1, bytes: found.size }];
      let [files, bytes] = [0, 0];
      for (const file of this.walk(path)) {
        if (++files >= FILES) break;
        bytes += this.look(file)?.size ?? 0;
      }
      return [{ path, kind: "folder", files, bytes }];
    });
    return { folder: this.shownAs, parts };
  }

  /** What stands in a folder. Throws Withheld, and refusals for what is none. */
  list(path: string): CliFolder {
    const real = this.resolve(path);
    if (!statSync(real).isDirectory()) throw new Refusal("usage", `${path} is no folder`);
    const found = readdirSync(real, { withFileTypes: true });
    const entries = found.slice(0, ENTRIES).flatMap((entry) => this.entryOf(path, entry));
    const rank = ({ kind }: CliEntry) => (kind === "folder" ? 0 : 1);
    entries.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
    return { path, entries, more: Math.max(0, found.length - ENTRIES) };
  }

  /** A piece of a text file. */
  read(path: string, from = 0): CliText {
    const real = this.resolve(path);
    if (statSync(real).isDirectory()) throw new Refusal("usage", `${path} is a folder`);
    const { bytes, size } = this.piece(real, path, from);
    if (!isText(bytes)) throw new Refusal("state", `${path} is no text`, "open it with the program it is for");
    const whole = wholeLines(bytes, from + bytes.length >= size);
    const next = from + whole.length;
    return { path, text: masked(new TextDecoder().decode(whole)), bytes: size, from, ...(next < size ? { next } : {}) };
  }

  /** Where words stand, in names and in the first piece of each text; neither in what is withheld nor in what is masked. */
  async search(words: string): Promise<CliFound> {
    const [wanted, hits] = [words.toLowerCase(), [] as CliHit[]];
    let looked = 0;
    for (const path of this.walk("")) {
      if (++looked % YIELD_EVERY === 0) await new Promise((go) => setImmediate(go));
      if (path.toLowerCase().includes(wanted)) hits.push({ path, line: 0, text: path });
      hits.push(...this.hitsIn(path, wanted));
      if (hits.length >= HITS || looked >= FILES) break;
    }
    return { hits: hits.slice(0, HITS), isCut: hits.length >= HITS || looked >= FILES };
  }

  private hitsIn(path: string, wanted: string): CliHit[] {
    try {
      const { text } = this.read(path);
      return text.split("\n").flatMap((line, n) => {
        const at = line.toLowerCase().indexOf(wanted);
        const start = Math.max(0, at - HIT_TEXT / 4);
        return at === -1 ? [] : [{ path, line: n + 1, text: line.slice(start, start + HIT_TEXT) }];
      });
    } catch (error) {
      if (error instanceof Refusal || error instanceof Withheld) return [];
      throw error;
    }
  }

  private piece(real: string, path: string, from: number): { bytes: Uint8Array; size: number } {
    try {
      return readForeignPart(real, from, PIECE);
    } catch (error) {
      if (error instanceof Unreadable) throw new Withheld(`${path}: ${error.message}`);
      throw error;
    }
  }

  /** The real path of something in the folder that may be shown. */
  private resolve(path: string): string {
    const segments = segmentsOf(path);
    if (segments.some(isSecretName)) throw new Withheld(`${path} may hold credentials`);
    let root: string;
    let real: string;
    try {
      root = realpathSync(this.folder);
      real = realpathSync(join(root, ...segments));
    } catch {
      throw none(path);
    }
    if (real !== root && !real.startsWith(root + sep)) throw new Withheld(`${path} leads out of ${this.shownAs}`);
    if (`${real}${sep}`.startsWith(this.own + sep)) throw new Withheld(`${path} is Muster's own`);
    if (real.slice(root.length).split(sep).some(isSecretName)) throw new Withheld(`${path} may hold credentials`);
    return real;
  }

  private look(path: string): Stats | null {
    try {
      return statSync(this.resolve(path));
    } catch {
      return null;
    }
  }

  private entryOf(path: string, { name }: Dirent): CliEntry[] {
    const inner = path === "" ? name : `${path}/${name}`;
    const found = this.look(inner);
    if (found) {
      const kind = found.isDirectory() ? "folder" : "file";
      return [{ name, kind, bytes: kind === "folder" ? 0 : found.size, changedAt: found.mtimeMs }];
    }
    return [{ name, kind: "file", bytes: 0, changedAt: 0, isWithheld: true }];
  }

  /** Plain files under a folder that may be shown; links are not followed. */
  private *walk(folder: string): Generator<string> {
    for (const entry of this.namesIn(folder)) {
      if (isSecretName(entry.name)) continue;
      const inner = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) yield* this.walk(inner);
      else if (entry.isFile()) yield inner;
    }
  }

  private namesIn(path: string): Dirent[] {
    try {
      return readdirSync(this.resolve(path), { withFileTypes: true });
    } catch {
      return [];
    }
  }
}
