import type { Home } from "../../src/client/home.ts";
import type { Entry } from "../../src/core/history/book.ts";
import { openPast } from "../../src/daemon/history.ts";
import { openEngine } from "../../src/engine/engine.ts";
import { openLog } from "../../src/store/log.ts";
import { HandClock } from "../fakes/clock.ts";

/** Makes the tables of a ledger as a daemon does at its start, and dies within its DEATH-th transaction: `LEDGER TABLES DEATH`. */
const [ledger = "", dashboard = "", death = "0"] = process.argv.slice(2);
const log = openLog(ledger);
const clock = new HandClock();
const parts = { home: { dashboard } as Home, log, clock, ending: new AbortController().signal };
const { projector, tables } = openPast(parts, () => engine);

/** Written one by one: the transaction is open when it ends. */
function* halfOf(entries: Entry[]): Generator<Entry> {
  yield* entries.slice(0, entries.length / 2);
  process.kill(process.pid, "SIGKILL");
}

const { write } = tables;
let written = 0;
tables.write = (entries, seq) => {
  written += 1;
  write.call(tables, written === Number(death) ? (halfOf(entries) as unknown as Entry[]) : entries, seq);
};

const engine = openEngine({ log, clock, rules: [], step: (state, event) => projector.replay(state, event) });
projector.start(engine);
projector.end();
