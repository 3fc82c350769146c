import { expect, test } from "bun:test";
import type { Event, Fact } from "./facts.ts";
import { fold } from "./fold.ts";
import { emptyState } from "./state.ts";
import { concerns, subjectOf, teamOf } from "./subject.ts";

const hire = { driver: "standin", cwd: "/r", permission: "workspace-write" as const };
const letter = { kind: "letter" as const, number: 1, size: 1, preview: "x", body: "x" };
const patch = { title: "t", sha: "s", lines: 1, paths: ["a"], body: "" };

const FACTS: Fact[] = [
  { type: "team.formed", team: "red", topology: "solo", repo: "/r", seats: [] },
  { type: "agent.hired", hire: { ...hire, agent: "aaaa0001", team: "red", seat: "PeerA" } },
  { type: "agent.hired", hire: { ...hire, agent: "bbbb0002" } },
  { type: "message.queued", mid: "m-1", from: "user", to: "aaaa0001", ...letter },
  { type: "message.queued", mid: "m-2", from: "user", to: "bbbb0002", ...letter },
  { type: "job.created", job: "bbbb0002", agent: "bbbb0002", mid: "m-2", prompt: "x" },
  { type: "patch.received", patch: "P-0001", team: "red", author: "aaaa0001", ...patch },
];
const events = FACTS.map((fact, index) => ({ ...fact, seq: index + 1, at: 1, by: "system" }) as Event);
const state = events.reduce(fold, emptyState());

test("a fact belongs to the team that it names, or to the team of the agent, letter or patch that it names", () => {
  const mine: Fact[] = [
    { type: "agent.changed", agent: "aaaa0001", activity: "idle" },
    { type: "message.delivered", mid: "m-1", evidence: "transcript" },
    { type: "patch.refused", patch: "P-0001", kind: "test-fail", reason: "x", body: "" },
    { type: "team.stopped", team: "red", reason: "x" },
    { type: "notice.raised", level: "info", text: "x", about: "aaaa0001" },
    { type: "repository.trusted", repo: "/r", hash: "h" },
  ];
  for (const fact of [...FACTS.slice(0, 2), FACTS[3], FACTS[6], ...mine])
    expect(fact && teamOf(fact, state)).toBe("red");
});

test("an agent of a single job belongs to no team, nor do its letters and its job", () => {
  const others: Fact[] = [
    { type: "message.delivered", mid: "m-2", evidence: "transcript" },
    { type: "job.finished", job: "bbbb0002", outcome: "completed", reason: "" },
    { type: "daemon.started", pid: 1, version: "0" },
  ];
  for (const fact of [FACTS[2], FACTS[4], FACTS[5], ...others]) expect(fact && teamOf(fact, state)).toBeUndefined();
  expect(others.map(subjectOf)).toEqual(["m-2", "bbbb0002", null]);
});

test("what the daemon says to everybody concerns every team; what it says about one, only that", () => {
  const all: Fact = { type: "notice.raised", level: "warning", text: "the disk is full" };
  const one: Fact = { ...all, about: "bbbb0002" };
  expect([all, one].map((fact) => concerns(fact, state, "red"))).toEqual([true, false]);
});

test("a fact is about the first of what it names: decision, patch, letter, agent, job, team, repository, else its task", () => {
  const named = (fact: object) => subjectOf(fact as Fact);
  const all = ["rfd", "patch", "mid", "agent", "job", "team", "repo", "about"];
  for (const [at, key] of all.entries())
    expect(named(Object.fromEntries(all.slice(at).map((one) => [one, `the ${one}`])))).toBe(`the ${key}`);
  expect(named({ type: "x", task: 7 })).toBe("#7");
  expect(named({ type: "x", task: "T001" })).toBeNull();
  expect(named({ type: "x", team: 7, job: "j" })).toBe("j");
  expect(subjectOf({ type: "agent.hired", hire: { ...hire, agent: "cccc0003" } })).toBe("cccc0003");
});

test("a new agent and a new letter belong to the team that they name themselves", () => {
  expect(teamOf({ type: "agent.hired", hire: { ...hire, agent: "aaaa0001", team: "blue" } }, state)).toBe("blue");
  const queued = (more: object) => teamOf({ type: "message.queued", mid: "m-9", ...letter, ...more } as Fact, state);
  expect(queued({ from: "user", to: "user", team: "blue" })).toBe("blue");
  expect(queued({ from: "aaaa0001", to: "bbbb0002" })).toBe("red");
  expect(queued({ from: "bbbb0002", to: "aaaa0001" })).toBe("red");
  expect(queued({ from: "user", to: "user" })).toBeUndefined();
});

test("a repository is of the team that runs in it, not of one that has ended", () => {
  const ended = [
    ...events,
    { type: "team.stopped", team: "red", reason: "x", seq: 99, at: 1, by: "system" } as Event,
  ].reduce(fold, emptyState());
  const fact: Fact = { type: "repository.trusted", repo: "/r", hash: "h" };
  expect(teamOf(fact, ended)).toBeUndefined();
  expect(concerns(fact, state, "red")).toBe(true);
  expect(concerns({ type: "daemon.started", pid: 1, version: "0" }, state, "red")).toBe(false);
});
