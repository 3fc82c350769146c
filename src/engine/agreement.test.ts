import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN } from "../../test/fakes/history.ts";
import { House } from "../../test/fakes/house.ts";
import { PERSON, type Principal } from "../core/ids.ts";
import type { Refusal } from "../core/refusal.ts";
import type { Review } from "../core/review.ts";
import type { SettingsRead } from "../core/settings/settings.ts";
import { Operations, type TeamOrder } from "./operations.ts";

let it: House;
let review: Review;
let settings: SettingsRead;
let count = 0;

const operations = (): Operations =>
  new Operations({
    engine: it.engine,
    clock: it.clock,
    random: { hex: (digits) => (count++).toString(16).padStart(digits, "0") },
    driver: (name) => ({ driver: name }),
    budgetUnits: (driver) => (driver === "raw" ? [] : ["usd"]),
    login: () => undefined,
    requireProgram: () => {},
    folder: async (path) => path,
    review: async () => review,
    brief: async () => "",
    openMailbox: async () => {},
    settings: async () => settings,
    writeRules: async () => {},
    residual: async () => ({}),
    openWorktree: async (repo, agent) => ({ repo, path: `${repo}/w`, branch: agent, base: "0" }),
    keepEnvironment: () => {},
  });

const TEAM: TeamOrder = { repo: "/r", peerA: { driver: "claude" } };
const agent: Principal = { kind: "agent", agent: ANN };
const brings = (hash: string, digest = "d1"): Review => ({
  hash,
  files: [{ file: ".mcp.json", digest, size: 2, head: "{}" }],
});

const asked = (asking: Promise<unknown>): Promise<string> =>
  asking.then(
    () => "granted",
    (error: Refusal) => `${error.code}: ${error.message}; ${error.hint}`,
  );
const form = (more: Partial<TeamOrder> = {}, by = PERSON) => asked(operations().form({ ...TEAM, ...more }, by));
const start = (more: object = {}) => asked(operations().start({ prompt: "x", cwd: "/r", ...more }, PERSON));

const UNKNOWN =
  "state: /r configures agents by .mcp.json, and nobody agreed to that; read what it brings, then repeat with --trust";

beforeEach(() => {
  it = new House();
  review = brings("h1");
  settings = { hash: "0", changes: {}, problems: [] };
});
afterEach(() => it.end());

test("what a repository brings is shown before anything starts there, and a person agrees to exactly that", async () => {
  expect(await form()).toBe(UNKNOWN);
  expect(await start()).toBe(UNKNOWN);
  expect(it.facts("repository.reviewed")).toHaveLength(1);
  expect([it.state.agents, it.state.teams]).toEqual([{}, {}] as never);
  expect(await form({ trust: true })).toBe("granted");
  expect(it.facts("repository.trusted")).toMatchObject([{ repo: "/r", hash: "h1" }]);
  expect(await start()).toBe("granted");
  expect(it.facts("repository.reviewed")).toHaveLength(1);
});

test("what changed since it was shown is shown first, also to whoever agrees at once", async () => {
  await form();
  review = brings("h2", "d2");
  expect(await form({ trust: true })).toBe(UNKNOWN);
  expect(await form({ trust: true })).toBe("granted");
  it.dispatch({ do: "stop", team: "r", reason: "x" });
  review = brings("h3", "d3");
  expect(await form()).toBe(
    "state: the agent configuration of /r is not what was agreed to (changed: .mcp.json); read what it brings, then repeat with --trust",
  );
});

test("a person who agrees before anything was shown agrees to what is there now; an agent never agrees", async () => {
  expect(await form({ trust: true }, agent)).toBe(UNKNOWN);
  expect(it.facts("repository.trusted")).toEqual([]);
  review = brings("h1");
  expect(await asked(operations().agree("/r", agent))).toBe(UNKNOWN);
  expect(await asked(operations().agree("/r", PERSON))).toBe("granted");
  expect(await start()).toBe("granted");
  expect(await start({ cwd: "/other", trust: true })).toBe("granted");
});

test("a stand-in is configured by nobody, and a repository that brings nothing asks nothing", async () => {
  expect(await form({ peerA: { driver: "standin" } })).toBe("granted");
  expect(await start({ agent: "standin" })).toBe("granted");
  expect(it.facts("repository.reviewed")).toEqual([]);
  review = { hash: "empty", files: [] };
  expect(await start()).toBe("granted");
  expect(it.facts("repository.reviewed")).toEqual([]);
});

test("P54 a team does not start by settings that are wrong; warnings are kept with it", async () => {
  review = { hash: "", files: [] };
  const problem = (level: "error" | "warning", text: string) => ({ level, text });
  settings.problems = [problem("warning", "odd"), problem("error", "/r/x.yaml:1:2 a: wrong")];
  expect(await form()).toBe("failed: /r/x.yaml:1:2 a: wrong; mend the file, or leave the key out");
  expect(it.state.teams).toEqual({} as never);
  settings.problems = [problem("warning", "odd")];
  expect(await form()).toBe("granted");
  expect(it.facts("settings.loaded")).toMatchObject([{ hash: "0", warnings: ["odd"] }]);
});

test("a team is named by its folder: letters and digits in one word, signs between them once", async () => {
  review = { hash: "", files: [] };
  await form({ repo: "/x/My -- Repo_1!!" });
  expect(Object.keys(it.state.teams)).toEqual(["my-repo-1"]);
});
