import { afterEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PairHouse } from "../../../test/fakes/pair-house.ts";
import type { SettingsChanges } from "../../core/settings/settings.ts";
import { ackRules, RestoreReactor } from "./acks.ts";

let it: PairHouse;
let restored: string[];
afterEach(() => it.end());

function house(delivery: Record<string, unknown> = {}): void {
  const changes: SettingsChanges = { policies: { handoff_filter: { enabled: false } }, cli_profiles: { delivery } };
  it = new PairHouse({ changes, rules: ackRules });
  restored = [];
  const restore = async ({ mid }: { mid: string }) => void restored.push(mid);
  it.run(new RestoreReactor({ state: () => it.state, restore }) as never);
}

/** A letter that arrived at BOB by the name of its file. */
function letter(text = "Ask(to=peerB): one?"): string {
  const mid = it.write(ANN, BOB, `${text} ${it.state.seq}`);
  it.deliver(mid);
  return mid;
}

test("P30 a letter that acknowledges reads the message it names, by id or by number", () => {
  house();
  const [first, second] = [letter(), letter()];
  it.write(BOB, ANN, `<SYSTEM_NOTES>ack: ${first}</SYSTEM_NOTES>\nProgress: going on`);
  expect([it.message(first).isRead, it.message(second).isRead]).toEqual([true, false]);
  it.write(BOB, ANN, "ack: 000002\nProgress: going on and on");
  expect(it.message(second).isRead).toBe(true);
});

test("P30 where the settings want ids, a number acknowledges nothing", () => {
  house({ ack_require_mid: true });
  const mid = letter();
  it.write(BOB, ANN, "ack: 1\nProgress: going on");
  expect(it.message(mid).isRead).toBe(false);
});

test("P30 nobody acknowledges for another, and an unknown name changes nothing", () => {
  house();
  const mid = letter();
  it.write(ANN, BOB, `ack: ${mid}\nack: nothing-1\nProgress: going on`);
  expect(it.message(mid).isRead).toBe(false);
});

test("P30 an acknowledgement may be a whole line of what the CLI said last", () => {
  house();
  const mid = letter();
  it.observe({ type: "turn.ended", agent: BOB, outcome: "done", summary: `I have read it. ack: ${mid}` });
  expect(it.message(mid).isRead).toBe(false);
  it.observe({ type: "turn.ended", agent: BOB, outcome: "done", summary: `ack: ${mid}` });
  expect(it.message(mid).isRead).toBe(true);
});

test("P30 a nack puts the letter back once, with a nudge, and its sender is told why", async () => {
  house();
  const mid = letter();
  it.write(BOB, ANN, `nack: ${mid} it is cut in half\nProgress: waiting for it`);
  expect(it.told(ANN).map(({ text }) => text)).toEqual([
    `PeerB gave back message ${mid}: it is cut in half. It lies in the inbox again.`,
  ]);
  await it.settle();
  expect(restored).toEqual([mid]);
  expect(it.message(mid)).toMatchObject({ isRead: false, isRestored: true });
  const [nudge, ...more] = it.told(BOB, "nudge");
  expect(more).toEqual([]);
  expect(nudge?.text).toContain("trigger=000001 preview='Ask(to=peerB): one?");
  it.write(BOB, ANN, `nack: ${mid} still\nProgress: waiting again`);
  await it.settle();
  expect(restored).toEqual([mid]);
  expect(it.told(ANN).at(-1)?.text).toBe(`PeerB gave back message ${mid}: still. It is not brought again.`);
  expect(it.message(mid)).toMatchObject({ isRead: true, nacks: 2 });
  it.write(BOB, ANN, `nack: ${mid} and again\nProgress: waiting once more`);
  expect(it.told(ANN)).toHaveLength(2);
});

test("P30 what the user sent and an agent gave back is a notice for the user", () => {
  house();
  it.dispatch({ do: "send", letter: { mid: "u-1", from: "user", to: BOB, kind: "letter", text: "hm", team: "pair" } });
  it.deliver("u-1");
  it.write(BOB, ANN, "nack: u-1\nProgress: asking back");
  expect(it.state.notices.map(({ text }) => text)).toEqual([
    "PeerB gave back message u-1: no reason. It lies in the inbox again.",
  ]);
});

test("P30 a letter that has not arrived cannot be given back", () => {
  house();
  const mid = it.write(ANN, BOB, "Ask(to=peerB): one?");
  it.write(BOB, ANN, `nack: ${mid} what?\nProgress: hm`);
  expect(it.message(mid).nacks).toBeUndefined();
});

test("a soft acknowledgement reads everything that arrived, where the settings want it", async () => {
  house({ soft_ack_on_mailbox_activity: true });
  const mids = [letter(), letter()];
  it.write(BOB, ANN, "Progress: done with both");
  expect(mids.map((mid) => it.message(mid).isRead)).toEqual([true, true]);
  await it.end();
  house();
  const mid = letter();
  it.write(BOB, ANN, "Progress: done with it");
  expect(it.message(mid).isRead).toBe(false);
});

test("P30 a file that somebody put into an inbox is named to its reader; others hear nothing", () => {
  house();
  it.observe({ type: "letter.found", team: "pair", seat: "PeerB", file: "notes.md" });
  expect(it.told(BOB, "nudge").map(({ text }) => text)).toEqual([
    "A file lies in your inbox that came through no letter: notes.md. Read it, then move it to processed/.",
  ]);
  expect(it.told(ANN, "nudge")).toEqual([]);
  it.observe({ type: "letter.found", team: "pair", seat: "PeerC", file: "notes.md" });
  expect(it.told(BOB, "nudge")).toHaveLength(1);
});

test("P38 a letter whose file its reader opened, by a tool or a command, is read; other files and readers are not", () => {
  house();
  const [first, second] = [letter(), letter()];
  const hear = (agent: string, reads: string) =>
    it.observe({ type: "hook.heard", agent, event: "PostToolUse", tool: "Read", row: 1, reads });
  hear(BOB, "/inbox/nothing.txt");
  hear(ANN, `/inbox/${first}.txt`);
  expect([it.message(first).isRead, it.message(second).isRead]).toEqual([false, false]);
  hear(BOB, `/inbox/${first}.txt`);
  expect([it.message(first).isRead, it.message(second).isRead]).toEqual([true, false]);
  hear(BOB, `cat /inbox/${second}.txt | head`);
  expect(it.message(second).isRead).toBe(true);
  const typing = it.write(ANN, BOB, "Ask(to=peerB): three?");
  it.observe({ type: "message.stored", mid: typing, path: "/inbox/three.txt" });
  hear(BOB, "/inbox/three.txt");
  expect(it.message(typing).isRead).toBe(false);
  it.observe({ type: "message.typing", mid: typing, attempt: 1, incarnation: 1, nextAt: 0 });
  hear(BOB, "/inbox/three.txt");
  expect(it.message(typing)).toMatchObject({ isRead: true, state: "typing" });
});
