import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fakeDaemon, ran } from "../../test/fakes/call.ts";
import { homeAt, secretsOf } from "../client/home.ts";
import { command as bridge } from "./bridge.ts";
import { command as reset } from "./reset.ts";
import { command as token } from "./token.ts";
import { masked } from "./tokens.ts";
import { command as upgrade } from "./upgrade.ts";
import { command as version } from "./version.ts";

let folder: string;
let repo: string;
const BOT = `123456789:${"A".repeat(31)}wxyz`;
const APP = "xapp-1-ABCDEFGHIJ";
const path = () => secretsOf(homeAt(join(folder, "home")), repo);
const call = (words: string[], more: object = {}) => ({ words, cwd: repo, home: join(folder, "home"), ...more });
const telegram = { flags: { platform: "telegram" } };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "muster-token-"));
  repo = join(folder, "my repo");
  mkdirSync(join(repo, ".git"), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

test("P8 a token is stored outside the repository, for its owner only, and never shown whole", async () => {
  const set = await ran(token, call(["set", BOT], telegram));
  expect(set).toEqual({ out: `stored: TELEGRAM_BOT_TOKEN\npath: ${path()}`, err: "", code: 0 });
  expect(path()).toMatch(/\/home\/secrets\/my-repo-[0-9a-f]{8}\.yaml$/);
  expect([statSync(path()).mode & 0o777, statSync(join(path(), "..")).mode & 0o777]).toEqual([0o600, 0o700]);
  const shown = await ran(token, call(["show"], telegram));
  expect(shown.out).toBe(`TELEGRAM_BOT_TOKEN: 1234${"*".repeat(37)}wxyz (muster token)`);
  expect(readdirSync(repo)).toEqual([".git"]);
});

test("P8 an empty or malformed token is refused without being told, and nothing is stored", async () => {
  for (const value of ["", " ", "abc", "123:short", `12345:${"A".repeat(35)}`, `${BOT} x`, APP]) {
    const { err, code, out } = await ran(token, call(["set", value], telegram));
    expect([code, out]).toEqual([64, ""]);
    expect(err).toMatch(
      /^(the token is empty; nothing was stored|this is no token of telegram; .*Nothing was stored)$/,
    );
    if (value.trim()) expect(err).not.toContain(value);
  }
  expect(existsSync(path())).toBe(false);
  expect((await ran(token, call(["set", BOT], { flags: { platform: "irc" } }))).err).toBe(
    "no platform irc; known: telegram, slack, discord",
  );
});

test("P8 each platform knows its own secrets, and unset takes away those of one alone", async () => {
  const slack = { flags: { platform: "slack" } };
  await ran(token, call(["set", BOT], telegram));
  await ran(token, call(["set", APP], slack));
  await ran(token, call(["set", "xoxb-12345-ABCDEFGHIJ"], slack));
  await ran(token, call(["set", `${"a".repeat(24)}.abcdef.${"b".repeat(27)}`], { flags: { platform: "discord" } }));
  const shown = await ran(
    token,
    call(["show"], { ...slack, isJson: true, env: { SLACK_BOT_TOKEN: "xoxb-of-the-shell-123" } }),
  );
  expect(JSON.parse(shown.out)).toEqual({
    SLACK_APP_TOKEN: "xapp*********GHIJ (muster token)",
    SLACK_BOT_TOKEN: "xoxb*************-123 (SLACK_BOT_TOKEN of the environment)",
  });
  expect((await ran(token, call(["unset"], slack))).out).toBe("removed: SLACK_APP_TOKEN, SLACK_BOT_TOKEN");
  expect((await ran(token, call(["unset"], slack))).out).toBe("removed: nothing");
  expect(
    readFileSync(path(), "utf8")
      .split("\n")
      .map((line) => line.split(":")[0]),
  ).toEqual([...["TELEGRAM_BOT_TOKEN", "DISCORD_BOT_TOKEN", ""]]);
  for (const platform of ["telegram", "discord"]) await ran(token, call(["unset"], { flags: { platform } }));
  expect(readdirSync(join(path(), ".."))).toEqual([]);
});

test("P8 two repositories of one name have their own tokens; other words mean nothing", async () => {
  const home = homeAt("/h");
  expect(secretsOf(home, "/a/x")).not.toBe(secretsOf(home, "/b/x"));
  expect(secretsOf(home, "/a/x y;z")).toMatch(/^\/h\/secrets\/x-y-z-[0-9a-f]{8}\.yaml$/);
  for (const words of [["moon"], ["show", "x"], ["toString"]])
    expect(await ran(token, call(words, telegram))).toMatchObject({ code: 64, out: "" });
  expect(["", "short", "x".repeat(15), "abcdefghijklmnop"].map(masked)).toEqual([
    ...["", "*****", "*".repeat(15), "abcd********mnop"],
  ]);
});

test("P9 a bridge without its token names the key and the variable", async () => {
  expect(await ran(bridge, call(["telegram", "start"]))).toEqual({
    out: "",
    err: "telegram has no token: TELEGRAM_BOT_TOKEN (telegram.yaml token_env); set the variable, or muster token set --platform telegram",
    code: 1,
  });
  const half = await ran(bridge, call(["slack", "start"], { env: { SLACK_APP_TOKEN: APP } }));
  expect(half.err).toStartWith("slack has no token: SLACK_BOT_TOKEN (slack.yaml bot_token_env); ");
});

test("P9 without a daemon status tells which tokens there are, and a wrong word is named", async () => {
  await ran(token, call(["set", BOT], telegram));
  const all = await ran(bridge, call(["all", "status"], { env: { DISCORD_BOT_TOKEN: "x" } }));
  expect(all.out.split("\n")).toEqual([
    "telegram  off  its token is there",
    "slack  off  no token: SLACK_APP_TOKEN (slack.yaml app_token_env), SLACK_BOT_TOKEN (slack.yaml bot_token_env)",
    "discord  off  its token is there",
    "wecom  off  no token: WECOM_WEBHOOK_URL (wecom.yaml webhook_url_env)",
  ]);
  const json = JSON.parse((await ran(bridge, call(["telegram", "status"], { isJson: true }))).out);
  expect(json).toEqual([{ platform: "telegram", state: "off", missing: [] }]);
  expect((await ran(bridge, call(["irc", "status"]))).err).toBe(
    "no platform irc; known: telegram, slack, discord, wecom, all",
  );
  expect((await ran(bridge, call(["telegram", "dance"]))).code).toBe(64);
  expect(await ran(bridge, call(["telegram"]))).toMatchObject({
    ...{ code: 64, err: "nothing to do was named; start, stop, status, restart, logs" },
  });
  expect((await ran(bridge, call(["telegram", "start"]))).code).toBe(69);
});

test("P7 reset asks before it deletes: where nobody can be asked it needs --yes", async () => {
  const { client, posted } = fakeDaemon({ "/api/premises/reset": { purged: [".muster/state"], archived: ["docs/x"] } });
  expect(await ran(reset, call([], { client }))).toEqual({
    out: "",
    err: "this deletes the mailbox, work files, logs and state of this repository's teams; muster reset --yes agrees",
    code: 64,
  });
  expect(posted).toEqual([]);
  const done = await ran(reset, call([], { client, flags: { yes: true, archive: true } }));
  expect(posted).toEqual([["/api/premises/reset", { repo, archive: true }]]);
  expect(done).toEqual({ out: `${repo}\nmoved    docs/x\nemptied  .muster/state`, err: "", code: 0 });
  const none = fakeDaemon({ "/api/premises/reset": { purged: [], archived: [] } });
  expect((await ran(reset, call([], { client: none.client, flags: { yes: true } }))).out).toBe(
    `${repo}\nnothing was there`,
  );
});

test("P2 upgrade shows what it adds as a diff; --dry-run writes nothing, not even the ignore rule", async () => {
  const files = [
    { path: ".muster/settings/a.yaml", what: "created", diff: ["+x"] },
    { path: ".muster/settings/b.yaml", what: "extended", diff: ["+# k: 1", "+# l: 2"] },
    { path: ".muster/settings/c.yaml", what: "kept", diff: [] },
  ];
  const { client, posted } = fakeDaemon({ "/api/premises/upgrade": files });
  const dry = await ran(upgrade, call([], { client, flags: { "dry-run": true } }));
  expect(dry.out.split("\n").map((line) => line.trim().replaceAll(/ {2,}/g, " "))).toEqual([
    repo,
    "created .muster/settings/a.yaml",
    "extended .muster/settings/b.yaml 2 new lines, all of them comments",
    "kept .muster/settings/c.yaml",
    "",
    "--- .muster/settings/b.yaml",
    "+# k: 1",
    "+# l: 2",
    "",
    "Nothing was written.",
  ]);
  expect(readdirSync(repo)).toEqual([".git"]);
  writeFileSync(join(repo, ".gitignore"), "x\n");
  const done = await ran(upgrade, call([], { client }));
  expect(done.out).toMatch(/extended +\.gitignore/);
  expect(readFileSync(join(repo, ".gitignore"), "utf8")).toBe("x\n/.muster/\n");
  expect(posted.map(([, body]) => body)).toEqual([
    { repo, dry: true },
    { repo, dry: false },
  ]);
});

test("P10 version tells product, scaffold, protocol and runtime", async () => {
  const { out } = await ran(version, { isJson: true });
  expect(JSON.parse(out)).toEqual({
    muster: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    scaffold: 2,
    protocol: 1,
    bun: Bun.version,
  });
  expect((await ran(version, {})).out).toMatch(/^muster \d+\.\d+\.\d+ \(scaffold 2, protocol 1, Bun [\d.]+\)$/);
});
