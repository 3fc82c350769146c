import { expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { emptyState, type Message } from "../../core/state.ts";
import { Pacing } from "./pacing.ts";

const STARTED = 1000;
const GRACE = 100;

const message = (more: Partial<Message> = {}): Message =>
  ({ mid: "m-1", to: ANN, state: "typing", attempt: 1, nextAt: 0, ...more }) as Message;
const queued = message({ mid: "m-2", state: "queued" });

test("what was being typed when the daemon began waits a whole grace, or as long as the log says", () => {
  const pacing = new Pacing(STARTED, GRACE);
  expect([pacing.nextAt(message()), pacing.nextAt(message({ nextAt: 1500 }))]).toEqual([1100, 1500]);
  expect(pacing.nextAt(queued)).toBe(0);
});

test("a try that is to be looked at later is, and an earlier time never takes the place of a later one", () => {
  const pacing = new Pacing(STARTED, GRACE);
  const later = (until?: number) => pacing.note(message(), { end: "wait", until } as never, 1200);
  later(undefined);
  expect(pacing.nextAt(message())).toBe(1100);
  later(1300);
  later(1250);
  expect(pacing.nextAt(message())).toBe(1300);
  expect(pacing.nextAt(message({ mid: "m-3" }))).toBe(1100);
});

test("after a message that was typed twice the next one waits a grace; after one that was typed once it does not", () => {
  const pacing = new Pacing(STARTED, GRACE);
  const closed = { end: "closed" } as never;
  pacing.note(message(), { end: "wait", until: 1300 } as never, 1200);
  pacing.note(message(), closed, 1400);
  expect([pacing.nextAt(queued), pacing.nextAt(message())]).toEqual([0, 1100]);
  pacing.note(message({ attempt: 2 }), closed, 1400);
  expect(pacing.nextAt(queued)).toBe(1500);
});

test("after a restart what was typed to this agent more than once, lately, still counts", () => {
  const after = (more: Partial<Message>) => {
    const state = emptyState();
    state.messages["m-1"] = message({ attempt: 2, nextAt: STARTED, ...more });
    return Pacing.after(state, ANN, STARTED, GRACE).nextAt(queued);
  };
  expect(after({})).toBe(1100);
  expect(after({ nextAt: STARTED - GRACE + 1 })).toBe(1100);
  expect([after({ nextAt: STARTED - GRACE }), after({ attempt: 1 }), after({ to: BOB })]).toEqual([0, 0, 0]);
});
