import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fillJobs } from "../../bench/ledger.ts";
import type { Home } from "../../src/client/home.ts";
import { openLog } from "../../src/store/log.ts";

const MAIN = join(import.meta.dir, "history-main.ts");
/** Some facts more than four transactions hold; the last one removes an agent, which the fifth comes before. */
const JOBS = 85;

const run = (...args: string[]): Promise<number> =>
  Bun.spawn([process.execPath, "--no-install", MAIN, ...args], { stdio: ["ignore", "inherit", "inherit"] }).exited;

const SHOWN = {
  job_history: "id, status, outcome, whole_prompt, context_tokens, summary, removed_at",
  notifications: "id, kind, about",
  history_progress: "seq",
};

function shownIn(path: string): Record<string, unknown[][]> {
  const database = new Database(path, { readonly: true });
  const rows = Object.entries(SHOWN).map(([table, columns]) => {
    return [table, database.query(`SELECT ${columns} FROM ${table} ORDER BY 1`).values()] as const;
  });
  database.close();
  return Object.fromEntries(rows);
}

const progress = (path: string): number => Number(shownIn(path).history_progress?.[0]?.[0]);

test("A37 A85 tables whose making is killed again and again within a transaction are finished with nothing lost or told twice", async () => {
  const folder = mkdtempSync(join(tmpdir(), "muster-history-"));
  const [ledger, whole, torn] = ["ledger.db", "whole.db", "torn.db"].map((name) => join(folder, name));
  if (!ledger || !whole || !torn) throw new Error("no paths");
  try {
    fillJobs({ ledger } as Home, JOBS);
    const log = openLog(ledger);
    const removed = "00000001";
    log.append(
      [
        { type: "agent.discarded", agent: removed },
        { type: "agent.removed", agent: removed },
      ],
      1,
      "daemon",
    );
    log.close();
    expect(await run(ledger, whole)).toBe(0);
    const reached: number[] = [];
    while (reached.length < 9 && (await run(ledger, torn, "2")) !== 0) reached.push(progress(torn));
    expect(reached).toEqual([1000, 2000, 3000, 4000, 4251]);
    expect(shownIn(torn)).toEqual(shownIn(whole));
    expect(shownIn(whole).notifications).toHaveLength(JOBS);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 20_000);
