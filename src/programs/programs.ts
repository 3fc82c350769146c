import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProgramEnd, ProgramOrder, Programs } from "../core/errands/port.ts";
import { mustersFolder, newFolder } from "./folders.ts";
import { beginningOf, endGroup, runGroup } from "./group.ts";
import { Keeping } from "./keeping.ts";

const META = "meta.json";

interface Meta {
  argv: string[];
  cwd: string;
  startedAt: string;
  pid?: number;
  /** When the process began, as the system says it. */
  beginning?: string | null;
  endedAt?: string;
  code?: number | null;
  end?: string;
}

/** Written beside and renamed: a reader never sees half of it. */
function writeMeta(folder: string, meta: Meta): void {
  const draft = join(folder, `.${META}.tmp`);
  writeFileSync(draft, `${JSON.stringify(meta, null, 1)}\n`, { mode: 0o600 });
  renameSync(draft, join(folder, META));
}

const now = (): string => new Date().toISOString();

async function run(order: ProgramOrder): Promise<ProgramEnd> {
  const { folder, argv, cwd } = order;
  const meta: Meta = { argv, cwd, startedAt: now() };
  const out = new Keeping(join(folder, "stdout.txt"));
  const err = new Keeping(join(folder, "stderr.txt"));
  const started = (pid: number) => {
    Object.assign(meta, { pid, beginning: beginningOf(pid) });
    writeMeta(folder, meta);
    order.started?.(pid);
  };
  const ended = await runGroup({ ...order, started, out: out.add, err: err.add });
  const stdout = out.close();
  err.close();
  writeMeta(folder, { ...meta, endedAt: now(), code: ended.code, end: ended.end });
  return { ...ended, stdout };
}

function metaOf(folder: string): Partial<Meta> | null {
  try {
    return JSON.parse(readFileSync(join(folder, META), "utf8")) as Partial<Meta>;
  } catch {
    return null;
  }
}

async function endOrphan(folder: string): Promise<void> {
  const { pid, beginning, endedAt } = metaOf(folder) ?? {};
  if (pid === undefined || !beginning || endedAt !== undefined) return;
  const present = beginningOf(pid);
  // The number may be somebody else's by now; a group without its first process keeps the number from being given again.
  if (present === null || present === beginning) endGroup(pid);
}

/** Programs of errands as processes of this machine; each in a group of its own, its words in files. */
export const systemPrograms: Programs = {
  async open(repo, kind, name, files) {
    const folder = newFolder(mustersFolder(repo, "work", kind), name);
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text, { mode: 0o600 });
    return folder;
  },
  run,
  endOrphan,
};
