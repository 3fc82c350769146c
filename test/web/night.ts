import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { observe } from "../../src/core/commands.ts";
import type { Fact } from "../../src/core/facts.ts";
import { DAEMON } from "../../src/core/ids.ts";
import type { State } from "../../src/core/state.ts";
import { heard, type Stage } from "./stage.ts";

/** What a night of a shop's repository left behind: by its agents, and the names under which tests find them. */
export interface Night {
  working: string;
  asking: string;
  failed: string;
  team: string;
}

const FOUND = `The tax was rounded **per line**, the total once. With three lines of 33 cents they differ by a cent.

\`\`\`ts
const tax = (lines: Line[], rate: number) =>
  Math.round(lines.reduce((sum, { price, count }) => sum + price * count, 0) * rate);
\`\`\`

- \`src/cart.ts\` adds first and rounds once
- \`test/cart.test.ts\` holds the three lines of the report`;

const CART = "export const total = (prices: number[]) => prices.reduce((sum, price) => sum + price, 0);\n";
const CART_TEST = 'test("three lines of 33 cents", () => expect(total([33, 33, 33])).toBe(99));\n';

/** What the stand-ins do, by the words of their orders. */
const SCENARIO = [
  {
    when: "Cart totals",
    do: [
      { say: "I look at how the total and the tax are rounded." },
      { run: "ls src" },
      { write: { path: "src/cart.ts", text: CART } },
      { write: { path: "test/cart.test.ts", text: CART_TEST } },
      { run: "git status --short" },
      { usage: 64_000 },
      { cost: 0.42 },
      { say: FOUND },
    ],
  },
  {
    when: "migration",
    do: [{ usage: 31_000 }, { cost: 0.18 }, { say: "Orders have their column, old rows a default." }],
  },
  {
    when: "Speed up",
    do: [
      { say: "First a measure: which of the three queries takes the time?" },
      { run: "git log --oneline" },
      {
        write: {
          path: "src/search.ts",
          text: "export const search = (words: string) => words.trim().toLowerCase();\n",
        },
      },
      { usage: 148_000 },
      { cost: 1.12 },
      { say: "The index is built at every request. I keep it, and build it anew when a product changes." },
      { think: 600_000 },
    ],
  },
  {
    when: "payment library",
    do: [{ usage: 22_000 }, { ask: { tool: "Bash", input: "npm install payments@5 && npm test" } }],
  },
  { when: "invoices", do: [{ usage: 12_000 }, { cost: 0.07 }, { crash: 3 }] },
  { when: "Translate", do: [{ usage: 9_000 }, { limit: "usage limit reached, resets at 6am" }] },
  { when: ".", do: [{ think: 600_000 }] },
];

const POR = `# POR - Plan of record

Updated: 2026-03-02 22:10

## North star

A shop whose totals are right to the cent, and whose search answers within 100 ms.

## Now

- **T000001** Search from an index (peerA): index kept between requests, measured
- **T000002** Discounts as rules (peerB): design agreed, tests first

## Next

1. Refunds in parts
2. Invoices as PDF

## Risks

| risk | what we do |
|---|---|
| rounding per line | one place rounds, with the report's cases |
| index grows old | a product's change builds it anew |
`;

const PLAN = `id: T003
name: Search from an index
steps:
  - {id: S1, name: measure, done: three queries timed, status: complete}
  - {id: S2, name: keep the index, done: built once, status: in_progress}
  - {id: S3, name: build anew, done: a change is found at once, status: pending}
status: active
`;

async function repository(stage: Stage): Promise<string> {
  const repo = join(stage.folder, "shop");
  const write = (path: string, text: string) => Bun.write(join(repo, path), text);
  mkdirSync(repo);
  await write("PROJECT.md", "A shop.\n");
  await write("src/index.ts", 'export * from "./cart.ts";\n');
  await write("docs/por/POR.md", POR);
  await write("docs/por/T003-search/task.yaml", PLAN);
  await write("../night.json", JSON.stringify(SCENARIO));
  const env = { PATH: process.env.PATH, HOME: stage.folder, GIT_CONFIG_NOSYSTEM: "1" };
  const who = "-c user.name=ann -c user.email=ann@example.org";
  for (const args of ["init -q", "add -A", `${who} commit -q -m Shop`])
    Bun.spawnSync(["git", ...args.split(" ")], { cwd: repo, env });
  return repo;
}

/** Waits until the state is so. */
async function until(stage: Stage, isSo: (state: State) => boolean): Promise<void> {
  const { engine } = stage.daemon;
  if (isSo(engine.state)) return;
  const reached = Promise.withResolvers<void>();
  const leave = engine.subscribe(() => isSo(engine.state) && reached.resolve());
  await reached.promise;
  leave();
}

/** Two peers with a board, a plan, a decision that waits for a person, and files that one works on. */
async function fillTeam(stage: Stage, repo: string): Promise<string> {
  const peer = { driver: "standin" };
  const team = "crew";
  await stage.client.post("/api/teams", { repo, name: team, peerA: peer, peerB: peer });
  await stage.daemon.boards.newSheet({ repo, title: "Search from an index", owner: "peerA" });
  await stage.daemon.boards.newSheet({ repo, title: "Discounts as rules", owner: "peerB" });
  await until(stage, ({ boards }) => Object.keys(boards[team]?.subpors ?? {}).length === 2);
  const [a = "", b = ""] = stage.daemon.engine.state.teams[team]?.seats.map(({ agent }) => agent) ?? [];
  const tell = (fact: Fact) => stage.daemon.engine.dispatch(observe(fact as never), DAEMON);
  const title = "Round prices once, in one place";
  const tasks = ["all callers of roundCents go", "invoices of last year change by up to a cent"];
  tell({ type: "rfd.opened", rfd: "rfd-msg-1", team, kind: "msg", author: b, title, tasks });
  await until(stage, ({ boards }) => boards[team]?.tasks.T003 !== undefined);
  const reason = "no products to measure with on the test machine";
  const marker = { team, author: b, letter: "muster-1-b", n: 1, task: "T003", step: "S2", action: "blocked" as const };
  tell({ type: "task.marked", ...marker, text: `T003.S2 blocked: ${reason}`, reason });
  await until(stage, ({ boards }) => boards[team]?.tasks.T003?.blocked.S2 !== undefined);
  tell({ type: "lock.taken", team, agent: a, files: ["src/search.ts"], mid: "muster-1-a", ttlMs: 1_800_000 });
  return team;
}

/** A night in which something of each kind happened: work, a question, failures, a limit, a queue, triggers, a team. */
export async function fillNight(stage: Stage): Promise<Night> {
  const repo = await repository(stage);
  const post = (path: string, body: object) => stage.client.post(path, body);
  const standin = { cwd: repo, agent: `mock:${join(stage.folder, "night.json")}` };
  const start = async (prompt: string) =>
    (await stage.client.post<{ agent: string }>("/api/actions/jobs", { ...standin, prompt })).agent;
  const of = (type: string, agent: string) => heard(stage, (fact) => fact.type === type && fact.agent === agent);
  const finished = (job: string) => heard(stage, (fact) => fact.type === "job.finished" && fact.job === job);
  await post("/api/queue/tasks", { ...standin, prompt: "Profiles with avatars: upload, crop, and a default" });
  await post("/api/queue/tasks", { ...standin, prompt: "Refunds in parts", after: [1], priority: 5 });
  const notify = { type: "event", condition: "job_completed", action: "notify", payload: { message: "one is done" } };
  await post("/api/triggers", { name: "tell", ...notify, cwd: repo });
  await finished(await start("Cart totals are off by a cent when a discount and tax meet: find out why, and fix it"));
  await finished(await start("Write the migration for orders: a currency column, with a default for old rows"));
  const failed = await start("Export invoices as PDF");
  const limited = await start("Translate the mails to customers into Danish");
  const killed = await start("Try the new icons");
  const working = await start("Speed up the product search: it takes 900 ms with 40,000 products");
  const asking = await start("Update the payment library to version 5, and keep the tests green");
  await of("turn.started", killed);
  await post(`/api/actions/jobs/${killed}/kill`, {});
  await Promise.all([finished(failed), finished(killed), of("permission.asked", asking)]);
  await until(stage, ({ agents }) => agents[limited]?.limit !== undefined);
  const team = await fillTeam(stage, repo);
  await until(stage, ({ agents }) => agents[working]?.usage?.cost !== undefined);
  return { working, asking, failed, team };
}
