import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { visible } from "../../src/core/text.ts";
import { agentOf, factsOf, isDelivered, isIdle, messageOf, muster, promptsOf, readyAgent, tmux } from "./look.ts";
import { until, World } from "./world.ts";

async function withAgent(play: (world: World, agent: string) => Promise<void>): Promise<void> {
  const world = new World();
  try {
    await world.boot();
    await play(world, await readyAgent(world));
  } finally {
    await world.end();
  }
}

/** What stands between the letter's two tags, below its two lines of heading. */
const bodyIn = (letter: string): string =>
  /^<FROM_USER>\n\[MID: [^\n]*\]\n\[TS: [^\n]*\]\n(.*)\n<\/FROM_USER>\n$/s.exec(letter)?.[1] ?? "";

const HOSTILE = [
  ...[
    "C-c",
    "Enter",
    "-X cancel",
    "%0",
    "~",
    "ends in ;",
    "a;",
    ";",
    "a \\;",
    "/exit",
    "!id > run-me",
    "#note",
    "@file",
  ],
  ...[
    "x \x1b[201~\rtouch run-me\r",
    "8-bit \x9b201~",
    "NUL \0 here",
    "bell \x07",
    "reordered \u202etxt.exe",
    "tag \u{e0041}",
  ],
  ...["emoji 👩‍👧 and 漢字", "$(touch run-me) `touch run-me`", "#{pane_id} #(touch run-me)", "CR\rLF\r\nend"],
].join("\n");

test("S26 a letter of 100 KB with everything hostile is a file, byte for byte what is visible of it", async () => {
  await withAgent(async (world, agent) => {
    const text = HOSTILE.repeat(Math.ceil((100 * 1024) / HOSTILE.length));
    const mid = await world.send(agent, text);
    await isDelivered(world, mid);
    const { path = "" } = await messageOf(world, mid);
    // The agent files what it has read.
    const filed = path.replace("/inbox/", "/processed/");
    const place = await until("the letter is there", () => [path, filed].find(existsSync));
    expect(bodyIn(readFileSync(place, "utf8"))).toBe(visible(text));
    const line = `From user ⟦m:${mid}⟧ You have a letter. Read the file ${path} and act on it. ⟦/m:${mid}⟧`;
    expect((await promptsOf(world, agent)).slice(1)).toEqual([line]);
    await isIdle(world, agent);
    expect(await agentOf(world, agent)).toMatchObject({ incarnation: 1, activity: "idle" });
    expect(existsSync(join(world.folder, "run-me"))).toBe(false);
  });
}, 40_000);

test("S24 S23 S25 a short message arrives as it is, as one prompt, and no command of the CLI runs", async () => {
  await withAgent(async (world, agent) => {
    const texts = [
      ...[
        "/exit",
        "/clear",
        "!touch run-me",
        "#remember",
        "@file",
        "see @file",
        "ends in \\",
        "a;",
        ";",
        "C-c",
        "Enter",
      ],
      ...["-X cancel", "%0", "~", "!id > run-me", "#note", "a \\;", "one;\ntwo;", "-t %0", "--", "$(touch run-me)"],
      // A paste's end in two halves.
      ...["\x1b", "[201~\rtouch run-me\r", "\x9b", "201~\rtouch run-me\r"],
      ...["-R", "~.", "x \x1b[201~\rtouch run-me\r", "\x9b201~x", "NUL \0 here", "two\nlines", "👩‍👧 漢字", "exit"],
    ];
    const mids: string[] = [];
    for (const text of texts) mids.push(await world.send(agent, text));
    await isDelivered(world, mids.at(-1) ?? "");
    const expected = texts.map((text, at) => `From user ⟦m:${mids[at]}⟧ ${visible(text).trim()} ⟦/m:${mids[at]}⟧`);
    expect((await promptsOf(world, agent)).slice(1)).toEqual(expected);
    expect(factsOf(world, "message.typing").filter(({ mid }) => mids.includes(mid))).toHaveLength(texts.length);
    // A session is told by the record and by the hook, which knows its transcript as well.
    expect(new Set(factsOf(world, "session.started").map(({ session }) => session)).size).toBe(1);
    expect(factsOf(world, "terminal.exited")).toEqual([]);
    expect(existsSync(join(world.folder, "run-me"))).toBe(false);
  });
}, 60_000);

test("S26 a line of a megabyte is a file reference, and bytes that are no text are refused", async () => {
  await withAgent(async (world, agent) => {
    const text = `${"\u202e word ".repeat(100_000)}end`;
    const mid = await world.send(agent, text);
    await isDelivered(world, mid);
    const [typed = ""] = (await promptsOf(world, agent)).slice(1);
    expect(typed).toStartWith(`From user ⟦m:${mid}⟧ You have a letter. Read the file `);
    expect(typed.length).toBeLessThan(500);
    const { path = "" } = await messageOf(world, mid);
    const place = await until("the letter is there", () =>
      [path, path.replace("/inbox/", "/processed/")].find(existsSync),
    );
    expect(bodyIn(readFileSync(place, "utf8")) === visible(text)).toBe(true);
    const before = (await world.state()).seq;
    const answer = await fetch(`http://muster/api/actions/jobs/${agent}/send`, {
      ...{ method: "POST", unix: world.home.socket, headers: { "content-type": "application/json" } },
      body: Buffer.from('{"message":"not \xff text"}', "latin1"),
    });
    expect(answer.status).toBe(400);
    await isIdle(world, agent);
    expect(factsOf(world, "message.queued").filter(({ seq }) => seq > before)).toEqual([]);
  });
}, 40_000);

test("S22 formats and shell words in a team's folder, name and task, and in names of its window, are text", async () => {
  const world = new World();
  const tricks = [
    "#(touch pwn)",
    "#{E:@x}",
    "#[fg=red]",
    "x#(touch$\u007bIFS}pwn)",
    "$(touch pwn)",
    "`touch pwn`",
    "'; touch pwn; '",
  ];
  const repo = join(world.folder, tricks.join(" "));
  const pwned = () =>
    readdirSync(world.folder, { recursive: true, encoding: "utf8" }).filter((it) => /(^|\/)pwn/.test(it));
  try {
    await world.boot();
    await readyAgent(world);
    expect((await tmux(world, "set-option", "-g", "@x", `#(touch ${join(world.folder, "pwn")})`)).code).toBe(0);
    mkdirSync(repo);
    Bun.spawnSync(["git", "init", "--quiet"], { cwd: repo, env: world.env() });
    const order = {
      repo,
      task: `SAY: ${tricks.join(" ")}`,
      peerA: { driver: "standin" },
      peerB: { driver: "standin" },
    };
    for (const name of tricks) {
      const refusal = await world.client.post("/api/teams", { ...order, name }).catch((error) => error);
      expect([name, refusal]).toEqual([name, expect.objectContaining({ code: "usage" })]);
    }
    const { team, agents } = await world.client.post<{ team: string; agents: string[] }>("/api/teams", order);
    // The whole window for people, as an attached person gets it.
    await world.client.get(`/api/attach/${team}`);
    for (const agent of agents) {
      await until("it has its task", async () =>
        (await promptsOf(world, agent)).some((text) => text.includes(tricks.join(" "))),
      );
      expect((await agentOf(world, agent)).hire.cwd).toBe(repo);
    }
    const names = await tmux(
      world,
      "list-panes",
      "-a",
      "-F",
      "#{session_name}|#{window_name}|#{pane_title}|#{pane_current_path}",
    );
    expect(names.out).toContain(`|${repo}\n`);
    expect(names.out).toContain(`muster-${team}|`);
    expect(pwned()).toEqual([]);
  } finally {
    await world.end();
  }
}, 60_000);

test("S26 a NUL is refused in a prompt, a task and a command; in a letter it is shown as U+FFFD", async () => {
  await withAgent(async (world, agent) => {
    const order = { prompt: "SAY: x", agent: "standin", cwd: world.folder };
    const standin = { driver: "standin" };
    for (const [path, body] of [
      ["/api/actions/jobs", { ...order, prompt: "SAY: \0" }],
      ["/api/actions/jobs", { ...order, command: "sh -c \0" }],
      ["/api/actions/jobs", { ...order, cwd: `${world.folder}\0` }],
      ["/api/actions/jobs", { ...order, model: "a\0" }],
      ["/api/teams", { repo: world.folder, task: "a task \0", peerA: standin, peerB: standin }],
      ["/api/teams", { repo: world.folder, peerA: { ...standin, command: "a\0" }, peerB: standin }],
    ] as const) {
      const answer = await world.client.post(path, body).catch((error) => error);
      expect([body, answer]).toEqual([body, expect.objectContaining({ code: "usage" })]);
    }
    expect(Object.keys((await world.state()).agents)).toEqual([agent]);
    const mid = await world.send(agent, "a\0b");
    await isDelivered(world, mid);
    expect((await promptsOf(world, agent)).at(-1)).toBe(`From user ⟦m:${mid}⟧ a\ufffdb ⟦/m:${mid}⟧`);
    const kept = await world.client.get<{ body: string }>(`/api/messages/${mid}`);
    expect(kept.body).toBe("a\ufffdb");
    expect((await muster(world, "capture", agent)).out).not.toContain("\0");
  });
}, 40_000);
