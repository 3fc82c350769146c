import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import type { FaultPoint } from "../../src/core/fault-points.ts";
import { PERSON } from "../../src/core/ids.ts";
import type { Random } from "../../src/core/ports.ts";
import { systemClock } from "../../src/daemon/system.ts";
import { type Engine, openEngine } from "../../src/engine/engine.ts";
import { patchRules } from "../../src/engine/evidence/rules.ts";
import { LetterReactor } from "../../src/engine/letters/reactor.ts";
import { letterRules } from "../../src/engine/letters/rules.ts";
import { type Reactor, Reactors } from "../../src/engine/reactor.ts";
import { readForeign } from "../../src/files/safe-read.ts";
import { openMailbox } from "../../src/mailbox/folders.ts";
import { Mailboxes } from "../../src/mailbox/mailboxes.ts";
import { openLog } from "../../src/store/log.ts";

export const A = "aaaaaaaa";
export const B = "bbbbbbbb";
const SEATS = [
  { seat: "PeerA", agent: A, driver: "standin" },
  { seat: "PeerB", agent: B, driver: "standin" },
];

const random: Random = { hex: (digits) => randomBytes(digits).toString("hex").slice(0, digits) };
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A pair on a real log in `root`, formed once, with the real letters and evidence; only its CLIs are missing. */
export async function openTeam(root: string, repo: string, faultPoint: (name: FaultPoint) => void = () => {}) {
  const log = openLog(join(root, "ledger.db"));
  const clock = systemClock;
  const engine = openEngine({ log, clock, rules: [...letterRules, ...patchRules] });
  await openMailbox(repo, "pair", ["PeerA", "PeerB"]);
  if (!engine.state.teams.pair) {
    const hires = SEATS.map(({ agent, driver, seat }) => ({
      ...{ agent, driver, seat, cwd: repo, team: "pair", permission: "workspace-write" as const },
    }));
    engine.dispatch({ do: "form", team: "pair", topology: "pair", repo, seats: SEATS, hires, letters: [] }, PERSON);
  }
  const waker = { wake: (_team: string) => {} };
  const mailboxes = new Mailboxes({ clock, random, read: readForeign, wake: (team) => waker.wake(team), faultPoint });
  const letters = new LetterReactor({
    clock,
    state: () => engine.state,
    dispatch: (command, by) => void engine.dispatch(command, by),
    mailbox: (team) => mailboxes.of(team),
    sha256,
    faultPoint,
  });
  const start = (...more: Reactor<unknown>[]) => {
    const reactors = new Reactors(engine, clock, [letters as Reactor<unknown>, ...more]);
    waker.wake = (team) => reactors.wake(team);
    return async () => {
      await reactors.stop();
      mailboxes.stop();
      log.close();
    };
  };
  return { engine, log, mailboxes, start };
}

/** Resolves when a condition of the state holds. */
export function when(engine: Engine, holds: () => boolean): Promise<void> {
  return new Promise((done) => {
    if (holds()) return done();
    const stop = engine.subscribe(() => {
      if (!holds()) return;
      stop();
      done();
    });
  });
}
