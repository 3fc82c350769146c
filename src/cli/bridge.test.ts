import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fakeDaemon, ran } from "../../test/fakes/call.ts";
import type { Event } from "../core/facts.ts";
import { Refusal } from "../core/refusal.ts";
import { emptyState } from "../core/state.ts";
import { command as bridge } from "./bridge.ts";

let repo = "";
beforeAll(() => {
  repo = realpathSync(mkdtempSync(join(tmpdir(), "muster-bridge-")));
  mkdirSync(join(repo, ".git"));
});
afterAll(() => rmSync(repo, { recursive: true, force: true }));

const env = { TELEGRAM_BOT_TOKEN: "t", DISCORD_BOT_TOKEN: "d" };
const run = (answers: Record<string, unknown>, words: string[], more: object = {}) => {
  const { client, posted } = fakeDaemon(answers);
  const flags = { lines: "120" };
  return ran(bridge, { words, cwd: repo, home: join(repo, "h"), env, client, flags, ...more }).then((done) => ({
    ...done,
    posted,
  }));
};

test("P86 pair prints the code, its right and how it is used", async () => {
  const until = new Date(2026, 1, 3, 10, 31).getTime();
  const answers = { "/api/bridges/pair": { code: "ABCD1234", right: "operate", until } };
  const done = await run(answers, ["pair"], { flags: { rights: "operate", platform: "slack" } });
  expect(done).toMatchObject({
    ...{ code: 0, posted: [["/api/bridges/pair", { repo, right: "operate", platform: "slack" }]] },
    out: "ABCD1234\nIn the chat: /subscribe ABCD1234   (right operate; once, until 10:31, 5 tries)",
  });
  const json = await run(answers, ["pair"], { isJson: true });
  expect(JSON.parse(json.out)).toEqual({ code: "ABCD1234", right: "operate", until });
});

test("P9 start, stop and restart say what was done; twice is no mistake", async () => {
  const done = await run({ "/api/bridges": { did: "already running" } }, ["telegram", "start"]);
  expect(done).toMatchObject({
    ...{ code: 0, out: "telegram  already running" },
    posted: [["/api/bridges", { repo, platform: "telegram", act: "start" }]],
  });
  const all = await run({ "/api/bridges": { did: "not running" } }, ["all", "stop"]);
  expect(all.out.split("\n")).toEqual([
    ...["telegram  not running", "slack  not running", "discord  not running", "wecom  not running"],
  ]);
  expect((await run({}, ["all", "restart"])).err).toStartWith("slack has no token: SLACK_APP_TOKEN");
});

test("P9 live chats that are not built are said so, with exit code 73", async () => {
  const refusal = new Refusal(
    "state",
    "live chats are not built yet",
    "the page, the console and this command line are",
  );
  expect(await run({ "/api/bridges": refusal }, ["telegram", "start"])).toMatchObject({
    ...{ code: 73, err: "live chats are not built yet; the page, the console and this command line are" },
  });
});

test("P9 status shows what the daemon knows, with chats and rights", async () => {
  const known = [
    {
      platform: "telegram",
      state: "running",
      missing: [],
      trouble: "no answer, 3 in a row",
      chats: [{ chat: "7", right: "talk" }],
    },
    { platform: "discord", state: "not built", missing: ["DISCORD_BOT_TOKEN"], trouble: "", chats: [] },
  ];
  const { out } = await run({ "/api/bridges": known }, ["all", "status"]);
  expect(out.split("\n").slice(0, 2)).toEqual([
    "telegram  running  its token is there  no answer, 3 in a row",
    "    chat 7  right talk",
  ]);
  expect(out).toContain("discord  not built  its token is there");
});

test("P9 logs shows the last lines of one platform of this repository", async () => {
  const facts = [
    { type: "bridge.started", repo, platform: "telegram", token: "x", seq: 1, at: 0, by: "system" },
    { type: "bridge.started", repo, platform: "slack", token: "x", seq: 2, at: 0, by: "system" },
    { type: "bridge.stopped", repo, platform: "telegram", reason: "a person stopped it", seq: 3, at: 0, by: "user" },
    { type: "bridge.stopped", repo: "/other", platform: "telegram", reason: "r", seq: 4, at: 0, by: "user" },
    { type: "repository.trusted", repo, hash: "h", seq: 5, at: 0, by: "user" },
  ] as unknown as Event[];
  const answers = { "/api/ledger": { facts }, "/api/state": { state: emptyState() } };
  const json = await run(answers, ["telegram", "logs"], { isJson: true });
  expect(json.out.split("\n").map((line) => JSON.parse(line).seq)).toEqual([1, 3]);
  const one = await run(answers, ["telegram", "logs"], { flags: { lines: "1" } });
  expect(one.out).toContain("stopped: a person stopped it");
  expect(one.out.split("\n")).toHaveLength(1);
  expect((await run(answers, ["all", "logs"], { isJson: true })).out.split("\n")).toHaveLength(3);
  expect((await run(answers, ["all", "logs"], { flags: { lines: "x" } })).code).toBe(64);
});
