import { beforeEach, expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../../test/fakes/history.ts";
import type { Letter } from "../../core/commands.ts";
import { awaitedAck, heldUntil, isBeingCleared, isPaused, nextOpen, noticeOf, openByReader, unstored } from "./hold.ts";

const CLO = "c0000003";
const MINUTE = 60_000;

let it: History;
beforeEach(() => {
  it = new History();
  for (const agent of [ANN, BOB, CLO]) it.hire(agent);
});

/** A letter, typed at this time if one is given. */
function write(mid: string, from: string, to: string, typedAt?: number, more: Partial<Letter> = {}): void {
  const letter: Letter = { mid, from, to, kind: "letter", text: "hello", ...more };
  it.fold([
    ...[{ type: "message.queued", number: 1, size: 5, preview: letter.text, body: letter.text, ...letter } as never],
  ]);
  if (typedAt !== undefined) it.message(mid).typedAt = typedAt;
}

const held = (mid: string, now: number, perMinute = 2) => heldUntil(it.state, it.message(mid), now, perMinute);
const open = (agent: string) => openByReader(it.state).get(agent) ?? [];
const next = (now: number, perMinute = 2) => nextOpen(it.state, open(BOB), now, perMinute)?.mid;
const state = (mid: string, is: "queued" | "typing" | "delivered" | "dead") => {
  it.message(mid).state = is;
};

test("a letter waits when its author had as many typed to its reader within a minute, until the oldest of them is a minute old", () => {
  write("m-1", ANN, BOB, 1000);
  write("m-2", ANN, BOB, 5000);
  write("m-3", ANN, BOB);
  expect(held("m-3", 6000)).toBe(1000 + MINUTE);
  expect(held("m-3", 1000 + MINUTE - 1)).toBe(1000 + MINUTE);
  expect(held("m-3", 1000 + MINUTE)).toBeNull();
  expect([held("m-3", 6000, 1), held("m-3", 6000, 3)]).toEqual([5000 + MINUTE, null]);
});

test("other pairs of authors and readers do not count", () => {
  write("m-1", ANN, BOB, 1000);
  write("m-2", ANN, CLO, 1000);
  write("m-3", CLO, BOB, 1000);
  write("m-4", ANN, BOB);
  expect(held("m-4", 2000)).toBeNull();
});

test("a person, System, what is no letter, and what is being typed already are not held", () => {
  for (const mid of ["m-1", "m-2"]) write(mid, ANN, BOB, 1000);
  for (const mid of ["u-1", "u-2"]) write(mid, "user", BOB, 1000);
  write("u-3", "user", BOB);
  write("m-3", ANN, BOB, undefined, { kind: "nudge" });
  write("m-4", ANN, BOB);
  it.message("m-4").attempt = 1;
  expect(["u-3", "m-3", "m-4"].map((mid) => held(mid, 2000))).toEqual([null, null, null]);
});

test("P25 the oldest open message comes next, but what stands in the composer is finished first", () => {
  for (const mid of ["m-1", "m-2", "m-3"]) write(mid, ANN, BOB);
  write("m-4", ANN, CLO);
  state("m-1", "delivered");
  expect(next(0)).toBe("m-2");
  state("m-3", "typing");
  expect(next(0)).toBe("m-3");
  expect(nextOpen(it.state, open(CLO), 0)?.mid).toBe("m-4");
  expect(nextOpen(it.state, open(ANN), 0)).toBeUndefined();
});

test("a flood lets the letters of others pass; with nobody else it waits in its order", () => {
  for (const mid of ["m-1", "m-2"]) {
    write(mid, ANN, BOB, 1000);
    state(mid, "delivered");
  }
  write("m-3", ANN, BOB);
  write("m-4", ANN, BOB);
  expect(next(2000)).toBe("m-3");
  write("m-5", CLO, BOB);
  write("u-1", "user", BOB);
  expect(next(2000)).toBe("m-5");
  expect(next(1000 + MINUTE)).toBe("m-3");
});

test("thirty letters a minute are typed unless another number is given", () => {
  for (let n = 0; n < 30; n += 1) {
    write(`m-${n}`, ANN, BOB, 1000);
    state(`m-${n}`, "delivered");
  }
  write("late", ANN, BOB);
  write("other", CLO, BOB);
  expect(nextOpen(it.state, open(BOB), 2000)?.mid).toBe("other");
  it.message("m-0").typedAt = undefined;
  expect(nextOpen(it.state, open(BOB), 2000)?.mid).toBe("late");
});

test("P32 P30 what a rule holds, or a nudge brings along, has no turn", () => {
  for (const mid of ["m-1", "m-2", "m-3"]) write(mid, ANN, BOB);
  it.message("m-1").held = { rule: "redundant", reason: "said before" };
  it.message("m-3").covers = ["m-2"];
  expect(next(0)).toBe("m-3");
  state("m-3", "dead");
  expect(next(0)).toBe("m-2");
});

test("a person is told of a flood once in ten minutes, with both names", () => {
  it.fold([{ type: "agent.hired", hire: hireOf(ANN, { seat: "PeerA" }) }]);
  write("m-1", ANN, BOB);
  const now = it.at;
  const notices = (at: number) => noticeOf(it.state, it.message("m-1"), at, 30);
  const text = `PeerA wrote more than 30 letters to ${BOB} within a minute; the others wait their turn`;
  const notice = { type: "notice.raised", level: "warning", text, about: ANN } as const;
  expect(notices(now)).toEqual([{ do: "observe", facts: [notice] }]);
  it.fold([{ ...notice, text: "something else" }, notice]);
  const told = it.state.notices.find((one) => one.text === text)?.at ?? 0;
  expect(notices(told + 600_000 - 1)).toEqual([]);
  expect(notices(told + 600_000)).toHaveLength(1);
});

test("A19 an agent is being cleared while its latest job waits for that", () => {
  expect([isBeingCleared(it.state, ANN), isBeingCleared(it.state, "nobody")]).toEqual([false, false]);
  it.dispatch({ do: "start", hire: hireOf("d0000004"), job: { id: "d0000004", mid: "m-d", prompt: "go" } });
  expect(isBeingCleared(it.state, "d0000004")).toBe(false);
  const job = it.state.jobs.d0000004;
  if (job) job.awaits = "c1";
  expect([isBeingCleared(it.state, "d0000004"), isBeingCleared(it.state, ANN)]).toEqual([true, false]);
});

function form(settings: object): void {
  const seats = [ANN, BOB].map((agent, n) => ({ seat: n === 0 ? "PeerA" : "PeerB", agent, driver: "standin" }));
  it.fold([
    { type: "team.formed", team: "pair", topology: "pair", repo: "/r", seats },
    ...seats.map(({ seat, agent }) => ({ type: "agent.hired", hire: hireOf(agent, { team: "pair", seat }) }) as const),
  ]);
  const changes = { cli_profiles: { delivery: settings } };
  it.observe({ type: "settings.loaded", team: "pair", hash: JSON.stringify(settings), changes, warnings: [] });
}

const awaited = (mid: string, now: number) => awaitedAck(it.state, it.message(mid), now);

test("P30 where each letter is to be acknowledged, the next waits for the one before, as long as it may be sent again", () => {
  form({ require_ack: true, ack_timeout_seconds: 10, resend_attempts: 2 });
  write("m-1", ANN, BOB);
  write("m-2", ANN, BOB);
  expect(awaited("m-2", 0)).toBeNull();
  state("m-1", "delivered");
  it.message("m-1").deliveredAt = 1000;
  expect(awaited("m-2", 2000)).toEqual({ mid: "m-1", until: 31_000 });
  expect(awaited("m-2", 30_999)).toEqual({ mid: "m-1", until: 31_000 });
  expect(awaited("m-2", 31_000)).toBeNull();
  it.message("m-1").isRead = true;
  expect(awaited("m-2", 2000)).toBeNull();
});

test("P30 nudges, what was begun, other readers, and teams that want no acknowledgement do not wait", () => {
  form({ require_ack: true, ack_timeout_seconds: 10, resend_attempts: 0 });
  write("n-1", ANN, BOB, undefined, { kind: "nudge" });
  write("m-1", ANN, BOB);
  write("m-2", ANN, BOB);
  write("m-3", BOB, ANN);
  for (const mid of ["n-1", "m-1"]) {
    state(mid, "delivered");
    it.message(mid).deliveredAt = 1000;
  }
  expect(awaited("m-2", 2000)?.mid).toBe("m-1");
  expect([awaited("n-1", 2000), awaited("m-3", 2000)]).toEqual([null, null]);
  it.message("m-2").attempt = 1;
  expect(awaited("m-2", 2000)).toBeNull();
  it.message("m-2").attempt = 0;
  it.message("m-1").isRead = true;
  expect(awaited("m-2", 2000)).toBeNull();
  it.message("m-1").isRead = false;
  form({ require_ack: false });
  expect(awaited("m-2", 2000)).toBeNull();
});

test("P35 a team's members are paused with it; an agent of no team never is", () => {
  form({});
  expect([isPaused(it.state, ANN), isPaused(it.state, CLO), isPaused(it.state, "nobody")]).toEqual([
    false,
    false,
    false,
  ]);
  it.fold([{ type: "team.paused", team: "pair" }]);
  expect([isPaused(it.state, ANN), isPaused(it.state, CLO)]).toEqual([true, false]);
});

test("the oldest letter that waits without a place in the inbox is the next to get one", () => {
  for (const mid of ["m-1", "m-2", "m-3", "m-4"]) write(mid, ANN, BOB);
  write("n-1", ANN, BOB, undefined, { kind: "nudge" });
  write("m-5", ANN, BOB);
  write("m-6", ANN, CLO);
  const first = () => unstored(it.state, BOB)?.mid;
  expect([first(), unstored(it.state, CLO)?.mid]).toEqual(["m-1", "m-6"]);
  state("m-1", "typing");
  it.message("m-2").path = "/inbox/2";
  it.message("m-3").held = { rule: "redundant", reason: "said before" };
  expect(first()).toBe("m-4");
  state("m-4", "delivered");
  expect(first()).toBe("m-5");
});
