import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, openClient } from "../../src/client/client.ts";
import { homeAt } from "../../src/client/home.ts";
import type { ConsoleReply } from "../../src/core/api.ts";
import type { BridgeRegistry } from "../../src/core/bridges/port.ts";
import { lockToken } from "../../src/daemon/bridges.ts";
import { type Daemon, openDaemon } from "../../src/daemon/daemon.ts";
import { serve, type Web } from "../../src/daemon/http.ts";
import type { BridgeRow } from "../../src/engine/bridges/roster.ts";
import { MemoryBridge, MemoryPlatform } from "../fakes/memory-bridge.ts";
import { until } from "./world.ts";

/** The journey's token: no other daemon on this machine may have the same. */
const TOKEN = `memory-${process.pid}`;
const folder = realpathSync(mkdtempSync(join(tmpdir(), "muster-chats-")));
const repo = join(folder, "repo");
const home = homeAt(join(folder, "home"));
const env = {
  PATH: process.env.PATH,
  HOME: folder,
  LANG: "C.UTF-8",
  TELEGRAM_BOT_TOKEN: TOKEN,
  XDG_RUNTIME_DIR: folder,
};
const clock = { now: () => Date.now(), monotonic: () => 0, sleep: async () => {} };
const there = new MemoryPlatform(clock);
const bridges: MemoryBridge[] = [];
const registry: BridgeRegistry = {
  telegram: ({ secrets }) => {
    expect(secrets).toEqual({ TELEGRAM_BOT_TOKEN: TOKEN });
    const bridge = new MemoryBridge("telegram", there);
    bridges.push(bridge);
    return bridge;
  },
};
let daemon: Daemon;
let web: Web;
let client: Client;

async function boot(): Promise<void> {
  daemon = await openDaemon(home, env, { bridges: registry });
  web = await serve(daemon, { port: 0, stop: () => {} });
  client = openClient({ socket: home.socket });
}
const bridge = (): MemoryBridge => {
  const last = bridges.at(-1);
  if (!last) throw new Error("no bridge runs");
  return last;
};
const shown = (words: string): Promise<string> =>
  until(`the chat shows: ${words}`, () => there.texts().find((text) => text.includes(words)));

beforeAll(async () => {
  mkdirSync(join(repo, ".git"), { recursive: true });
  mkdirSync(join(repo, ".muster", "settings"), { recursive: true });
  const rules = "autostart: true\nto_user_min_interval_s: 0\noutbox_poll_seconds: 0.1\n";
  writeFileSync(join(repo, ".muster", "settings", "telegram.yaml"), rules);
  await boot();
  const seat = { driver: "standin" };
  await client.post("/api/teams", { repo, name: "pair", task: "wait", peerA: seat, peerB: seat });
  await until("the bridge listens", () => bridges.at(-1)?.isListening);
});
afterAll(async () => {
  await web.stop();
  await daemon.stop(true);
  rmSync(folder, { recursive: true, force: true });
});

test("P14 P86 a chat let in by a code steers the team that page and command line see", async () => {
  await bridge().update("/pause", { chat: "9" });
  await shown("Not subscribed. Ask the owner for a pairing code.");
  const { code } = await client.post<{ code: string }>("/api/bridges/pair", { repo, right: "operate" });
  await bridge().update(`/subscribe ${code}`);
  await bridge().update("/pause");
  await shown("paused: letters gather in the inboxes");
  const state = async () => (await client.get<{ state: Daemon["engine"]["state"] }>("/api/state")).state;
  expect((await state()).teams.pair?.paused).toBeDefined();
  const reply = await client.post<ConsoleReply>("/api/teams/pair/console", { line: "/resume" });
  expect(reply.lines).toEqual(["resumed"]);
  await bridge().update("a: SAY: hello from the phone");
  const [letter] = await until("the letter is delivered", async () => {
    const all = Object.values((await state()).messages).filter(({ mid }) => mid.startsWith("tg-"));
    return all.length > 0 && all.every((one) => one.state === "delivered") && all;
  });
  expect(letter).toMatchObject({ from: "user", preview: "SAY: hello from the phone" });
}, 60_000);

test("P91 P92 files go both ways through the repository's work folder", async () => {
  const bytes = new TextEncoder().encode("from the phone");
  const fetch = async () => bytes;
  await bridge().update("a: look", { files: [{ name: "note.txt", mime: "text/plain", size: bytes.length, fetch }] });
  const index = join(repo, ".muster", "state", "inbound-index.jsonl");
  const { path } = JSON.parse(await Bun.file(index).text());
  expect(await Bun.file(join(repo, path)).text()).toBe("from the phone");
  const drop = join(repo, ".muster", "work", "upload", "outbound", "result.txt");
  writeFileSync(drop, "all green");
  const sent = await until("the file is in the chat", () =>
    there.shown.find(({ file }) => file?.name === "result.txt"),
  );
  expect(new TextDecoder().decode(sent.file?.bytes)).toBe("all green");
  await until("it is removed", () => !existsSync(drop) && existsSync(`${drop}.sent.json`));
}, 60_000);

test("P85 P89 after a restart the bridge runs by itself, its token is held, and nothing comes twice", async () => {
  const before = there.texts().length;
  await web.stop();
  await daemon.stop();
  await boot();
  await until("another bridge listens", () => bridges.length === 2 && bridge().isListening);
  const token = new Bun.CryptoHasher("sha256").update(TOKEN).digest("hex").slice(0, 16);
  expect(lockToken({ env }, "telegram", token)).toEqual({ pid: process.pid });
  await bridge().update("/queue", { message: "last" });
  await until("the answer", () => there.texts().length > before);
  expect(there.texts().slice(before)).toHaveLength(1);
  const rows = await client.get<BridgeRow[]>(`/api/bridges?${new URLSearchParams({ repo })}`);
  expect(rows[0]).toMatchObject({ state: "running", isWanted: true, chats: [{ chat: "7", right: "operate" }] });
}, 60_000);
