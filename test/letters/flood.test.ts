import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claimsOf } from "../../src/mailbox/folders.ts";
import { openTeam, when } from "../crashes/team.ts";
import { nameOf } from "./letter.ts";

const endings: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of endings) await end();
});

/** A pair whose PeerA and PeerB are writers of their own. */
async function team() {
  const root = mkdtempSync(join(tmpdir(), "muster-letters-"));
  const repo = join(root, "repo");
  mkdirSync(repo);
  const opened = await openTeam(root, repo);
  const stop = opened.start();
  endings.push(async () => {
    await stop();
    rmSync(root, { recursive: true, force: true });
  });
  const texts: string[] = [];
  opened.engine.subscribe((events) => {
    for (const event of events) {
      if (event.type === "message.queued" && event.kind === "letter") texts.push(opened.log.body(event.seq) ?? "");
    }
  });
  const boxOf = (seat: string) => join(repo, ".muster/mailbox", seat);
  const write = async (way: string, seat: string, seed: number, count: number) => {
    const program = join(import.meta.dir, "writer.ts");
    const argv = [process.execPath, "--no-install", program, way, boxOf(seat), String(seed), String(count)];
    expect(await Bun.spawn(argv, { stderr: "inherit" }).exited).toBe(0);
  };
  const isEmpty = () =>
    readdirSync(claimsOf(repo)).length === 0 &&
    ["peerA", "peerB"].every((seat) => !existsSync(join(boxOf(seat), "to_peer.md")));
  return { ...opened, texts, write, isEmpty };
}

describe.concurrent("letters at random gaps of 0-50 ms", () => {
  test("letters (fault 1): 1,000 by renames into out/ arrive complete, in order, once", async () => {
    const it = await team();
    await Promise.all([1, 2, 3, 4].map((seed) => it.write("out", seed % 2 ? "peerA" : "peerB", seed, 250)));
    await when(it.engine, () => it.texts.length >= 1000);
    const names = it.texts.map(nameOf);
    for (const seed of [1, 2, 3, 4]) {
      const own = names.filter((name) => name?.startsWith(`${seed}/`));
      expect(own).toEqual(Array.from({ length: 250 }, (_, n) => `${seed}/${n + 1}`));
    }
    expect(names).toHaveLength(1000);
  }, 30_000);

  test("letters (fault 1): blind overwrites never make half a letter, and each claimed one arrives once", async () => {
    const it = await team();
    await Promise.all([it.write("blind", "peerA", 5, 250), it.write("blind", "peerB", 6, 250)]);
    await when(
      it.engine,
      () => it.isEmpty() && ["5/250", "6/250"].every((last) => it.texts.map(nameOf).includes(last)),
    );
    const names = it.texts.map(nameOf);
    expect(names.filter((name) => name === null)).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(100);
  }, 30_000);

  test("letters (fault 2): 40 KB written in 20 pieces arrive as one letter, with and without a form", async () => {
    const it = await team();
    await it.write("chunks", "peerA", 7, 1);
    await when(it.engine, () => it.texts.length >= 1);
    await it.write("loose", "peerB", 8, 1);
    await when(it.engine, () => it.texts.length >= 2);
    const names = it.texts.map(nameOf);
    expect(names).toEqual(["7/1", "8/1"]);
  }, 30_000);
});
