import { afterEach, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  agentOf,
  arrivals,
  factsOf,
  isDelivered,
  isIdle,
  keys,
  messageOf,
  muster,
  promptsOf,
  readyAgent,
  screenOf,
  tmux,
  waitsBecause,
} from "./look.ts";
import { until, World } from "./world.ts";

async function inWorld(play: (world: World) => Promise<void>): Promise<void> {
  const world = new World();
  try {
    await world.boot();
    await play(world);
  } finally {
    await world.end();
  }
}

const DRAFT = "please wait, I am writing";

type Type = (text: string) => Promise<unknown>;

/** A person's own terminal, in which `tmux attach` shows the agent: a tmux of its own around Muster's. */
async function attach(world: World, agent: string): Promise<Type> {
  const own = ["tmux", "-S", join(world.folder, "person.sock"), "-f", "/dev/null"];
  const run = (...args: string[]) =>
    Bun.spawnSync([...own, ...args], { env: { ...world.env(), TERM: "xterm-256color" } }).stdout.toString();
  const { argv } = await world.client.get<{ argv: string[] }>(`/api/attach/${agent}`);
  run("new-session", "-d", "-x", "140", "-y", "50", "--", "env", "-u", "TMUX", ...argv);
  people.push(() => run("kill-server"));
  await until("the agent is shown", () => run("capture-pane", "-p").includes("Stand-in"));
  return async (text) => run("send-keys", "-l", "--", text);
}

const people: (() => void)[] = [];
afterEach(() => {
  for (const leave of people.splice(0)) leave();
});

const TYPISTS: Record<string, (world: World, agent: string) => Promise<Type>> = {
  "in the page": async (world, agent) => (text) => keys(world, agent, text),
  "in an attached terminal": attach,
};

const isShown = (world: World, agent: string, text: string): Promise<boolean> =>
  until(`${text} is on the screen`, async () => (await screenOf(world, agent)).includes(text));

for (const [where, sitDown] of Object.entries(TYPISTS)) {
  test(`F20 P34 (fault 9) a draft that a person types ${where} stays as it is, and the message waits until it is gone`, async () => {
    await inWorld(async (world) => {
      const agent = await readyAgent(world);
      const type = await sitDown(world, agent);
      await type(DRAFT);
      await isShown(world, agent, `> ${DRAFT}`);
      const mids = [await world.send(agent, "SAY: one"), await world.send(agent, "SAY: two")];
      const [mid = ""] = mids;
      await waitsBecause(world, mid, "a person's draft stands in the composer");
      const why = await muster(world, "why", mid);
      expect(why.out).toMatch(/because +a person's draft stands in the composer/);
      await type("!");
      await isShown(world, agent, `> ${DRAFT}!`);
      expect((await messageOf(world, mid)).attempt).toBe(0);
      await type("\x15");
      for (const one of mids) await isDelivered(world, one);
      expect(await arrivals(world, agent, mids)).toEqual([1, 1]);
      expect((await promptsOf(world, agent)).join("\n")).not.toContain("wait, I am");
    });
  }, 40_000);
}

test("F20 P34 (fault 9) whoever begins to type in the instant of the paste sends nothing unwillingly; the message waits and comes once", async () => {
  await inWorld(async (world) => {
    const agent = await readyAgent(world);
    const type = await attach(world, agent);
    await world.kill();
    await world.boot({ MUSTER_FAULT: "before paste:1:stop" });
    const mid = await world.send(agent, "SAY: hello");
    await until("it stands still", () => /\) T /.test(readFileSync(`/proc/${world.pid}/stat`, "latin1")));
    await type("I beg");
    await isDrawn(world);
    process.kill(world.pid, "SIGCONT");
    await waitsBecause(world, mid, "a person's draft stands in the composer");
    await isShown(world, agent, "> I begFrom user");
    expect((await promptsOf(world, agent)).length).toBe(1);
    await type("\x15");
    await isDelivered(world, mid);
    expect(await arrivals(world, agent, [mid])).toEqual([1]);
    expect((await promptsOf(world, agent)).join("\n")).not.toContain("I beg");
  });
}, 40_000);

/** The agent's screen, asked of tmux itself: the daemon stands still. */
const isDrawn = (world: World): Promise<boolean> =>
  until("the draft is drawn", async () => {
    const pane = factsOf(world, "terminal.opened").at(-1)?.pane ?? "";
    return (await tmux(world, "capture-pane", "-p", "-t", pane)).out.includes("> I beg");
  });

test("F20 a draft that a person sends goes out alone, and the message after it", async () => {
  await inWorld(async (world) => {
    const agent = await readyAgent(world);
    await keys(world, agent, "SAY: from the person");
    await isShown(world, agent, "> SAY: from the person");
    const mid = await world.send(agent, "SAY: later");
    await waitsBecause(world, mid, "draft");
    await keys(world, agent, "\r");
    await isDelivered(world, mid);
    const prompts = await promptsOf(world, agent);
    expect(prompts.slice(1)).toEqual([
      "SAY: from the person",
      expect.stringMatching(/^From user ⟦m:[^⟦]*⟦\/m:[^⟦]*⟧$/),
    ]);
  });
}, 40_000);

test("F20 A38 P61 (fault 23) nothing is typed into an open dialog; the message comes after the answer, which needs no keys", async () => {
  await inWorld(async (world) => {
    const agent = await world.start("ASK: Bash echo asked");
    const question = await until("it asks", async () => (await agentOf(world, agent)).question);
    const sent = [await world.send(agent, "1"), await world.send(agent, "SAY: after the dialog")];
    await waitsBecause(world, sent[0] ?? "", "a dialog of the CLI is open");
    const shown = await screenOf(world, agent);
    expect(shown).toContain("Permission:");
    await world.client.post(`/api/actions/jobs/${agent}/answer`, {
      question: question.id,
      choice: "deny",
      reason: "no",
    });
    for (const mid of sent) await isDelivered(world, mid);
    expect(await arrivals(world, agent, sent)).toEqual([1, 1]);
    expect((await messageOf(world, sent[0] ?? "")).attempt).toBe(1);
    expect(factsOf(world, "permission.answered")).toMatchObject([{ agent, choice: "deny" }]);
    const refused = await world.client
      .post(`/api/actions/jobs/${agent}/answer`, { question: question.id, choice: "allow" })
      .catch((error) => error);
    expect(refused).toMatchObject({ code: "state" });
    await isIdle(world, agent);
    expect((await muster(world, "output", agent)).out).toContain("doesn't want to proceed");
  });
}, 40_000);

test("F21 a program that does not read its input gets the text once; it waits with the reason", async () => {
  await inWorld(async (world) => {
    const agent = await world.start("HANG: 4000");
    await until("it hangs", async () => (await agentOf(world, agent)).activity === "busy");
    const body = { message: "SAY: through", urgent: true };
    const { mid } = await world.client.post<{ mid: string }>(`/api/actions/jobs/${agent}/send`, body);
    await waitsBecause(world, mid, "the program has not read its input");
    expect((await muster(world, "why", mid)).out).toContain("the program has not read its input");
    await isDelivered(world, mid);
    // An intent that was withdrawn was not followed by a paste.
    const withdrawn = factsOf(world, "message.waiting").filter((fact) => fact.mid === mid && fact.isWithdrawn);
    const intents = factsOf(world, "message.typing").filter((fact) => fact.mid === mid);
    expect(intents.length - withdrawn.length).toBe(1);
    expect(await arrivals(world, agent, [mid])).toEqual([1]);
  });
}, 40_000);
