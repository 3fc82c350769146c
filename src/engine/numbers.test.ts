import { expect, test } from "bun:test";
import { ANN, BOB } from "../../test/fakes/history.ts";
import { PairHouse } from "../../test/fakes/pair-house.ts";
import { DAEMON, PERSON, type Principal, SYSTEM, USER } from "../core/ids.ts";
import { openEngine } from "./engine.ts";

/** Everybody who may put something into an inbox: the user, a chat, the Foreman, the System, the peer. */
const WRITERS: { from: string; prefix: string; by: Principal; kind: "letter" | "system" | "nudge" }[] = [
  { from: USER, prefix: "muster", by: PERSON, kind: "letter" },
  { from: USER, prefix: "tg", by: PERSON, kind: "letter" },
  { from: USER, prefix: "foreman", by: DAEMON, kind: "letter" },
  { from: SYSTEM, prefix: "system", by: DAEMON, kind: "system" },
  { from: SYSTEM, prefix: "nudge", by: DAEMON, kind: "nudge" },
  { from: BOB, prefix: "peer", by: { kind: "agent", agent: BOB }, kind: "letter" },
];

test("fault 15: five hundred letters of everybody who writes are numbered without a gap or a repetition, over restarts", async () => {
  const house = new PairHouse({ changes: { policies: { handoff_filter: { enabled: false } } } });
  let engine = house.engine;
  for (let n = 0; n < 500; n += 1) {
    const writer = WRITERS[n % WRITERS.length];
    if (!writer) throw new Error("nobody writes");
    const { from, prefix, by, kind } = writer;
    const letter = { mid: `${prefix}-${n}`, from, to: ANN, kind, text: `letter ${n}`, team: "pair" } as const;
    engine.dispatch({ do: "send", letter }, by);
    // What is sent again under its id takes no number.
    engine.dispatch({ do: "send", letter }, by);
    if (n % 100 === 99) engine = openEngine({ log: house.log, clock: house.clock, rules: [] });
  }
  const numbers = house
    .facts("message.queued")
    .filter(({ to, number }) => to === ANN && number > 0)
    .map(({ number }) => number);
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, at) => at + 1));
  expect(numbers.length).toBeGreaterThan(400);
  await house.end();
});
