import { afterEach, beforeEach, expect, test } from "bun:test";
import { BridgeLab } from "../../../test/fakes/bridge-lab.ts";

let lab: BridgeLab;
beforeEach(async () => {
  lab = new BridgeLab();
  await lab.start();
  await lab.subscribe("read");
});
afterEach(() => lab.end());

const sent = () => lab.there.shown.map(({ chat, file, text }) => [chat, file?.name, text]);

test("P92 a dropped file goes to every chat, is confirmed, and only then removed", async () => {
  await lab.subscribe("read", "8");
  lab.files.drop("plot.png", "png", { mime: "image/png", sendAs: "photo", caption: "the curve", route: "a" });
  await lab.pass(2000);
  expect(sent()).toEqual([
    ["7", "plot.png", "[PeerA] the curve"],
    ["8", "plot.png", "[PeerA] the curve"],
  ]);
  expect(lab.there.shown[0]?.file?.sendAs).toBe("photo");
  expect(lab.files.dropped.size).toBe(0);
  expect(lab.files.receipts.get("plot.png")).toMatchObject({ chats: ["telegram:7", "telegram:8"] });
  await lab.pass(10_000);
  expect(lab.there.shown).toHaveLength(2);
});

test("P92 a caption names the peers that the file is for", async () => {
  for (const route of ["b", "both", ""] as const) lab.files.drop(`${route}.txt`, "x", { caption: "look", route });
  await lab.pass(2000);
  expect(sent().map(([, , text]) => text)).toEqual(["[PeerB] look", "[PeerA and PeerB] look", "look"]);
});

test("P92 where no chat can take files, or one only listens, they wait", async () => {
  for (const order of [
    { abilities: { canFiles: false } },
    { platform: "wecom", abilities: { isOutOnly: true } },
  ] as const) {
    await lab.end();
    lab = new BridgeLab(order);
    await lab.start();
    if (!("platform" in order)) await lab.subscribe("read");
    lab.files.drop("a.txt", "hello");
    await lab.pass(60_000);
    expect([order, sent(), lab.files.dropped.size, lab.files.sweeps]).toEqual([order, [], 1, 0]);
    expect(lab.house.facts("notice.raised")).toEqual([]);
  }
});

test("P92 fault 19: a failing upload keeps the file, and after five times it says why and stays", async () => {
  lab.there.isDown = true;
  lab.files.drop("a.txt", "hello");
  let asked = 0;
  lab.bridge.send = async (outgoing) => {
    asked += 1;
    return lab.there.take(outgoing);
  };
  for (let n = 0; n < 120; n++) await lab.pass(1000);
  expect([asked, lab.files.dropped.has("a.txt"), lab.files.receipts.size]).toEqual([5, true, 0]);
  expect(lab.files.errors.get("a.txt")).toBe("nobody answers");
  expect(lab.house.facts("bridge.unuploaded")).toMatchObject([{ file: "a.txt", reason: "nobody answers" }]);
  lab.there.isDown = false;
  for (let n = 0; n < 120; n++) await lab.pass(1000);
  expect(lab.there.shown).toEqual([]);
});

test("P92 a file that one chat has is not sent to it again, whatever happens in between (fault 18)", async () => {
  await lab.subscribe("read", "8");
  const take = lab.there.take.bind(lab.there);
  lab.there.take = (outgoing) => {
    if (outgoing.chat === "8" && lab.there.shown.length === 1) lab.there.isDown = true;
    return take(outgoing);
  };
  lab.files.drop("a.txt", "hello");
  await lab.pass(2000);
  expect([sent(), lab.files.dropped.size]).toEqual([[["7", "a.txt", ""]], 1]);
  await lab.restart();
  lab.there.take = take;
  lab.there.isDown = false;
  for (let n = 0; n < 5; n++) await lab.pass(1000);
  expect([sent().map(([chat]) => chat), lab.files.dropped.size]).toEqual([["7", "8"], 0]);
  expect(new Set(lab.there.taken).size).toBe(lab.there.taken.length);
});

test("P92 a 429 is no failure", async () => {
  await lab.say("/whoami");
  lab.there.gapMs = 60_000;
  lab.files.drop("a.txt", "hello");
  for (let n = 0; n < 70; n++) await lab.pass(1000);
  expect([lab.files.errors.size, lab.files.dropped.size, lab.there.shown.length]).toEqual([0, 0, 2]);
});

test("P92 P93 what is too large, of another kind, or holds a secret never goes", async () => {
  lab.files.drop("big.txt", "x", { size: 16 * 1024 * 1024 + 1 });
  lab.files.drop("run.sh", "x", { mime: "application/x-sh" });
  lab.files.drop("env.txt", "PASSWORD=hunter2");
  lab.files.drop("ok.txt", "fine", { caption: "token: abc" });
  await lab.pass(2000);
  expect(Object.fromEntries(lab.files.errors)).toEqual({
    "big.txt": "it has 16777217 bytes; at most 16 MB",
    "run.sh": "application/x-sh is not allowed",
    "env.txt": "it holds what redact_patterns hide",
  });
  expect(sent()).toEqual([["7", "ok.txt", "[redacted]"]]);
});

test("P92 without a chat that takes files nothing is looked for; old ones are swept once an hour", async () => {
  expect(lab.files.sweeps).toBe(1);
  for (let n = 0; n < 4; n++) await lab.pass(1_000_000);
  expect(lab.files.sweeps).toBe(2);
  await lab.say("/unsubscribe");
  lab.files.drop("a.txt", "hello");
  await lab.pass(10_000);
  expect([lab.files.dropped.size, lab.files.errors.size]).toEqual([1, 0]);
});
