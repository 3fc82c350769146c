import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB, hireOf } from "../../test/fakes/history.ts";
import { House } from "../../test/fakes/house.ts";
import { PERSON, type Principal } from "../core/ids.ts";
import type { Review } from "../core/review.ts";
import { Operations, type StartOrder, type TeamOrder } from "./operations.ts";

let it: House;
let kept: unknown[];
let reviewed: string[];
let brings: Record<string, Review>;
let units: ("usd" | "tokens")[];
let count = 0;

const ann: Principal = { kind: "agent", agent: ANN };
const environment = { variables: { A: "b" } } as never;
const config = (hash: string): Review => ({ hash, files: [{ file: ".mcp.json", digest: hash, size: 1, head: "{}" }] });

const operations = (): Operations =>
  new Operations({
    engine: it.engine,
    clock: it.clock,
    random: { hex: (digits) => (count++).toString(16).padStart(digits, "0") },
    driver: (name) => ({ driver: name }),
    budgetUnits: () => units,
    login: () => undefined,
    requireProgram: () => {},
    folder: async (path) => path,
    async review(repo) {
      reviewed.push(repo);
      return brings[repo] ?? { hash: "", files: [] };
    },
    brief: async () => "",
    openMailbox: async () => {},
    settings: async () => ({ hash: "0", changes: {}, problems: [] }),
    writeRules: async () => {},
    residual: async () => ({}),
    openWorktree: async (cwd, agent) => ({ repo: "/r", path: `/trees/${agent}`, branch: `muster/${agent}`, base: cwd }),
    keepEnvironment: (...given) => void kept.push(given),
  });

beforeEach(() => {
  it = new House();
  [kept, reviewed, brings, units] = [[], [], {}, ["usd"]];
});
afterEach(() => it.end());

const start = (more: Partial<StartOrder> = {}, by = PERSON) =>
  operations().start({ prompt: "x", cwd: "/r", ...more }, by);
const hire = (agent: string) => it.state.agents[agent]?.hire;
const refusal = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => "granted",
    ({ code, message, hint }) => [code, message, hint],
  );

test("A8 an agent with a worktree works at the same place of it, and the worktree stands in its hire", async () => {
  const { agent } = await start({ worktree: true, cwd: "/r/src/app" });
  expect(hire(agent)).toMatchObject({
    cwd: `/trees/${agent}/src/app`,
    worktree: { repo: "/r", path: `/trees/${agent}`, branch: `muster/${agent}`, base: "/r/src/app" },
  });
  const plain = await start();
  expect(hire(plain.agent)).toMatchObject({ cwd: "/r" });
  expect(hire(plain.agent)).not.toHaveProperty("worktree");
});

test("A8 what was agreed to of a repository counts in a worktree, too; a stand-in needs no word for either", async () => {
  brings["/r"] = config("h1");
  const { agent } = await start({ worktree: true, trust: true });
  expect(reviewed).toEqual(["/r", `/trees/${agent}`]);
  reviewed = [];
  brings = {};
  await start({ worktree: true, agent: "standin" });
  expect(reviewed).toEqual([]);
});

test("A8 a worktree that brings what nobody agreed to is refused, unless the person agrees", async () => {
  const id = count.toString(16).padStart(8, "0");
  brings[`/trees/${id}`] = config("h2");
  expect(await refusal(start({ worktree: true }))).toEqual([
    "state",
    `/trees/${id} configures agents by .mcp.json, and nobody agreed to that`,
    "read what it brings, then repeat with --trust",
  ]);
  expect(Object.keys(it.state.agents)).toEqual([]);
  brings[`/trees/${count.toString(16).padStart(8, "0")}`] = config("h2");
  expect(await refusal(start({ worktree: true, trust: true }))).toBe("granted");
});

test("A8 a job comes after others by the beginnings of their ids, and may be a plain one", async () => {
  const first = await start();
  const { agent } = await start({ after: [first.agent, first.agent.slice(0, 8)], isPlain: true });
  expect(hire(agent)).toMatchObject({ after: [first.agent, first.agent], isPlain: true });
  const { agent: other } = await start({ isPlain: undefined });
  expect(hire(other)).not.toHaveProperty("isPlain");
  expect(hire(other)).not.toHaveProperty("after");
  expect(await refusal(start({ after: ["ffff"] }))).toEqual([
    "missing",
    "no agent or job ffff",
    "muster jobs lists them",
  ]);
});

test("S15 an agent that starts another chooses neither its parent nor its environment", async () => {
  it.dispatch({ do: "start", hire: hireOf(ANN) });
  const ask = start({ parent: BOB, environment }, ann);
  expect(await refusal(ask)).toEqual([
    ...["forbidden", `agent ${ANN} may not start`, "ask the person who runs the team"],
  ]);
  expect(kept).toEqual([]);
  const { agent } = await start({ parent: ANN, environment });
  expect([hire(agent)?.parent, kept]).toEqual([ANN, [[agent, environment]]] as never);
});

test("an agent may be hired under a given id", async () => {
  const hired = await operations().hireFor({ prompt: "x", cwd: "/r", environment }, PERSON, BOB);
  expect([hired.agent, kept]).toEqual([BOB, [[BOB, environment]]] as never);
});

test("A8 a budget in a unit that its CLI does not tell is refused, with what it tells", async () => {
  const budget = (unit: "usd" | "tokens") => refusal(start({ budget: { unit, limit: 5 } }));
  const way = "--allow-unenforced starts it without, --timeout MIN limits its time";
  expect(await budget("usd")).toBe("granted");
  expect(await budget("tokens")).toEqual([
    ...["failed", "claude does not tell its tokens: --budget cannot be kept", `it tells usd only; ${way}`],
  ]);
  units = [];
  expect(await budget("usd")).toEqual(["failed", "claude does not tell its cost: --budget cannot be kept", way]);
  expect(await refusal(start({ budget: { unit: "usd", limit: 5 }, allowUnenforced: true }))).toBe("granted");
});

test("a prompt is needed, and a model's name of the right form", async () => {
  expect(await refusal(start({ prompt: " \n" }))).toEqual([
    ...["usage", "the prompt is empty", 'muster start "what to do"'],
  ]);
  for (const model of ["a b", "", "x".repeat(101), "a\n", "ü"])
    expect(await refusal(start({ model }))).toEqual([
      ...["usage", `${JSON.stringify(model)} is not a model name`, "letters, digits and . _ : / -"],
    ]);
  const { agent } = await start({ model: "claude-opus-5.1:beta/x_Y" });
  expect(hire(agent)?.model).toBe("claude-opus-5.1:beta/x_Y");
});

test("a team is named after its folder, in small letters, digits and dashes", async () => {
  const form = async (repo: string, more: Partial<TeamOrder> = {}) =>
    (await operations().form({ repo, peerA: { driver: "standin" }, ...more }, PERSON)).team;
  expect(await form("/a/My Project (2)")).toBe("my-project-2");
  expect(await form("/a/--x__y--")).toBe("x-y");
  expect(await form(`/a/${"long".repeat(20)}`)).toBe("long".repeat(10));
  expect(await form("/a/Üß")).toBe("team");
  expect(await form("/a/other", { name: "given" })).toBe("given");
});
