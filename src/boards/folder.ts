import { type FSWatcher, readdirSync, watch } from "node:fs";
import { join } from "node:path";
import { folderNumber } from "../core/boards/ids.ts";
import type { StatusChange } from "../core/boards/moves.ts";
import type { BoardFile, BoardFolder, BoardLook, Document } from "../core/boards/port.ts";
import type { Clock } from "../core/ports.ts";
import { Refusal } from "../core/refusal.ts";
import { NotYaml, readDocument, withStatuses } from "./documents.ts";
import { ensureFolder, hasFolder, makeFile, putFile, statOf } from "./ground.ts";
import { Settling } from "./settling.ts";

export interface BoardFolderParts {
  repo: string;
  /** Relative to the repository, e.g. `docs/por`. */
  folder: string;
  clock: Pick<Clock, "monotonic">;
  /** Reads a foreign file safely; throws an error without a code when it must not be read. */
  read(path: string): Promise<Uint8Array>;
}

/** Folders of tasks looked at; a repository with more keeps the newest of them. */
const MOST_FOLDERS = 500;
const WRITE_TRIES = 3;

interface Round {
  look: BoardLook;
  isFirst: boolean;
  seen: Set<string>;
}

const folderOf = (path: string): string => path.split("/").slice(0, -1).join("/");

type TaskFolder = BoardLook["folders"][number];

/** POR.md, SUBPORs and plans in `docs/por` of one repository. */
export class RepositoryBoards implements BoardFolder {
  private readonly settling: Settling;
  private readonly documents = new Map<string, { text: string; parsed: Document | NotYaml }>();
  private readonly watchers = new Map<string, { watcher: FSWatcher; ino: bigint }>();
  private wake: (() => void) | null = null;
  private isKnown = false;

  constructor(private readonly parts: BoardFolderParts) {
    this.settling = new Settling(parts.clock, parts.read);
  }

  async look(): Promise<BoardLook> {
    const { folder } = this.parts;
    const look: BoardLook = {
      ...{ por: null, sheets: [], plans: [], broken: [], scope: null, folders: [], unsettled: [], version: "" },
    };
    const round: Round = { look, isFirst: !this.isKnown, seen: new Set() };
    const isThere = this.isThere(look);
    if (isThere === null) return look;
    look.folders = isThere ? this.taskFolders() : [];
    this.arm(isThere ? [folder, ...look.folders.map(({ name }) => `${folder}/${name}`)] : []);
    look.por = await this.text(`${folder}/POR.md`, round);
    for (const task of look.folders) await this.takeTask(task, round);
    await this.takeScope(round);
    await this.takeGone(round);
    this.isKnown = true;
    return look;
  }

  watch(wake: () => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.wake = wake;
    signal.addEventListener("abort", () => {
      this.wake = null;
      this.arm([]);
    });
  }

  async setStatuses(path: string, changes: StatusChange[]): Promise<void> {
    for (let tries = 0; tries < WRITE_TRIES; tries += 1) {
      const before = await this.current(path);
      const after = await withStatuses(before, changes);
      if (before === after || (await this.replace(path, before, after))) return;
    }
    throw new Refusal("state", `${path} changes all the time`, "its status fields are written once it rests");
  }

  async writeScope(text: string): Promise<void> {
    const path = `${this.parts.folder}/scope.yaml`;
    ensureFolder(this.parts.repo, this.parts.folder);
    putFile(this.absolute(path), text);
    await this.settling.trust(this.absolute(path));
  }

  async create(path: string, text: string): Promise<boolean> {
    ensureFolder(this.parts.repo, folderOf(path));
    return makeFile(this.absolute(path), text);
  }

  async replace(path: string, before: string, after: string): Promise<boolean> {
    if ((await this.current(path)) !== before) return false;
    putFile(this.absolute(path), after);
    await this.settling.trust(this.absolute(path));
    return true;
  }

  /** Is the folder there? null = something that is none is in its place, which is noted. */
  private isThere(look: BoardLook): boolean | null {
    const { repo, folder } = this.parts;
    try {
      return hasFolder(repo, folder);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      look.version = `${folder}: ${error.message.slice(repo.length + 1)}`;
      look.broken.push({ path: folder, error: look.version });
      this.arm([]);
      return null;
    }
  }

  private absolute(path: string): string {
    return join(this.parts.repo, path);
  }

  /** The text of a file whose folder is a real one, now. */
  private async current(path: string): Promise<string> {
    hasFolder(this.parts.repo, folderOf(path));
    return new TextDecoder("utf-8", { fatal: true }).decode(await this.parts.read(this.absolute(path)));
  }

  private taskFolders(): TaskFolder[] {
    const found: TaskFolder[] = [];
    for (const entry of readdirSync(this.absolute(this.parts.folder), { withFileTypes: true })) {
      const number = entry.isDirectory() ? folderNumber(entry.name) : null;
      if (number !== null) found.push({ number, name: entry.name });
    }
    found.sort((left, right) => left.number - right.number || left.name.localeCompare(right.name));
    return found.slice(-MOST_FOLDERS);
  }

  /** A settled file as it is; null = there is none, or it cannot be read, which is noted. */
  private async text(path: string, { look, isFirst, seen }: Round): Promise<BoardFile | null> {
    seen.add(this.absolute(path));
    const { found, version, again } = await this.settling.look(this.absolute(path), isFirst);
    look.version += `${path} ${version}\n`;
    if (again !== undefined) {
      look.unsettled.push(path);
      look.again = Math.min(look.again ?? again, again);
    }
    if (found === null) return null;
    if ("text" in found) return { path, ...found };
    look.broken.push({ path, error: `${path}: ${found.error}` });
    return null;
  }

  private async document({ path, text }: BoardFile, { look }: Round): Promise<Document | null> {
    let known = this.documents.get(path);
    if (known?.text !== text) {
      const parsed = await readDocument(text).catch((error: unknown) => {
        if (error instanceof NotYaml) return error;
        throw error;
      });
      known = { text, parsed };
      this.documents.set(path, known);
    }
    if (!(known.parsed instanceof NotYaml)) return known.parsed;
    look.broken.push({ path, error: `${path}:${known.parsed.at}: ${known.parsed.message}` });
    return null;
  }

  private async takeTask({ number, name }: TaskFolder, round: Round): Promise<void> {
    const { look } = round;
    const folder = `${this.parts.folder}/${name}`;
    const sheet = await this.text(`${folder}/SUBPOR.md`, round);
    if (sheet) look.sheets.push({ ...sheet, number });
    const plan = await this.text(`${folder}/task.yaml`, round);
    const document = plan && (await this.document(plan, round));
    if (plan && document) look.plans.push({ ...plan, number, document });
  }

  private async takeScope(round: Round): Promise<void> {
    const file = await this.text(`${this.parts.folder}/scope.yaml`, round);
    if (!file) return;
    // A scope that cannot be read is no scope: it is computed again.
    const value = await readDocument(file.text).then(
      (document) => document.value,
      () => null,
    );
    round.look.scope = { value };
  }

  /** Files whose folder went away a moment ago: they may come back under the same name. */
  private async takeGone(round: Round): Promise<void> {
    const { repo, folder } = this.parts;
    for (const path of this.settling.others(round.seen)) {
      const name = path.slice(repo.length + folder.length + 2).split("/")[0] ?? "";
      const number = round.seen.has(path) ? null : folderNumber(name);
      if (number !== null && !round.look.folders.some((task) => task.name === name))
        await this.takeTask({ number, name }, round);
    }
    for (const path of this.documents.keys()) if (!round.seen.has(this.absolute(path))) this.documents.delete(path);
  }

  /** Watches exactly these folders. Bun 1.4.4 drops events of bursts: the reactor's sweep sees what was missed. */
  private arm(folders: string[]): void {
    const wanted = this.wake ? folders : [];
    for (const [path, { watcher, ino }] of this.watchers) {
      if (wanted.includes(path) && statOf(this.absolute(path))?.ino === ino) continue;
      watcher.close();
      this.watchers.delete(path);
    }
    for (const path of wanted) {
      const stat = this.watchers.has(path) ? undefined : statOf(this.absolute(path));
      if (!stat) continue;
      const watcher = watch(this.absolute(path), () => this.wake?.());
      watcher.on("error", () => {});
      this.watchers.set(path, { watcher, ino: stat.ino });
    }
  }
}
