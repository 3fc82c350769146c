import { expect, test } from "bun:test";
import type { Activity } from "./facts.ts";
import { jobRows } from "./job-row.ts";
import { agentState, type JobState, jobState, statusOf } from "./job-state.ts";
import { type Agent, emptyState, type Job } from "./state.ts";

const agentOf = (more: Partial<Agent> = {}): Agent => ({
  hire: { agent: "a1b2c3d4", driver: "standin", cwd: "/r", permission: "workspace-write" },
  ...{
    activity: "busy",
    detail: "",
    since: 0,
    hiredAt: 0,
    incarnation: 1,
    opening: false,
    turns: 0,
    controls: [],
    transcripts: [],
  },
  ...{ crashes: [], pane: "%1", job: "a1b2c3d4" },
  ...more,
});
const jobOf = (more: Partial<Job> = {}): Job => ({
  ...{ id: "a1b2c3d4", agent: "a1b2c3d4", mid: "m", prompt: "p", createdAt: 1, reason: "", summary: "" },
  ...more,
});

test("A33 an open job is what its agent does", () => {
  const states: [Activity, JobState][] = [
    ["starting", "starting"],
    ["busy", "running"],
    ["waiting", "needs_user"],
    ["limited", "limited"],
    ["idle", "idle"],
    ["lost", "lost"],
  ];
  for (const [activity, expected] of states) {
    expect(jobState(jobOf({ startedAt: 1 }), agentOf({ activity }))).toBe(expected);
  }
});

test("before its terminal opens a job is pending, before its prompt arrives it is starting", () => {
  expect(jobState(jobOf(), agentOf({ incarnation: 0, activity: "starting" }))).toBe("pending");
  expect(jobState(jobOf(), agentOf({ activity: "idle" }))).toBe("starting");
});

test("a job that waits for a person before its terminal opens says so", () => {
  expect(jobState(jobOf(), agentOf({ incarnation: 0, activity: "waiting" }))).toBe("needs_user");
});

test("a completed job is idle while its terminal stays open, and runs again with a further message", () => {
  const job = jobOf({ outcome: "completed", startedAt: 1 });
  expect(jobState(job, agentOf({ activity: "idle" }))).toBe("idle");
  expect(jobState(job, agentOf({ activity: "busy" }))).toBe("running");
  expect(jobState(job, agentOf({ activity: "exited" }))).toBe("completed");
  expect(jobState(job, agentOf({ dismissed: { reason: "", completed: true } }))).toBe("completed");
  expect(jobState(job, agentOf({ job: "a1b2c3d4#2" }))).toBe("completed");
});

test("a failed and a lost job stay what they are, whatever the agent does", () => {
  expect(jobState(jobOf({ outcome: "failed" }), agentOf({ activity: "idle" }))).toBe("failed");
  expect(jobState(jobOf({ outcome: "lost" }), agentOf())).toBe("lost");
  expect(jobState(jobOf(), undefined)).toBe("lost");
});

test("A33 the four values of the guide", () => {
  const of = (state: JobState, outcome?: Job["outcome"]) => statusOf(state, jobOf({ outcome }));
  expect(of("pending")).toBe("pending");
  for (const state of ["starting", "running", "needs_user", "limited"] as const) expect(of(state)).toBe("running");
  expect(of("idle")).toBe("running");
  expect(of("idle", "completed")).toBe("completed");
  expect(of("lost")).toBe("failed");
});

test("an agent without a job has a state too", () => {
  const state = emptyState();
  expect(agentState(state, agentOf({ job: undefined, activity: "idle" }))).toBe("idle");
  expect(agentState(state, agentOf({ job: undefined, dismissed: { reason: "killed", completed: false } }))).toBe(
    "failed",
  );
});

test("jobs are listed running, pending, failed, completed, members of teams with them", () => {
  const state = emptyState();
  const add = (id: string, createdAt: number, job: Partial<Job>, agent: Partial<Agent> = {}) => {
    state.agents[id] = agentOf({ job: id, ...agent });
    state.jobs[id] = jobOf({ id, agent: id, createdAt, ...job });
  };
  add("done", 5, { outcome: "completed" }, { activity: "exited" });
  add("failed", 4, { outcome: "failed" });
  add("old", 1, { startedAt: 1 });
  add("new", 3, { startedAt: 1 });
  add("pending", 2, {}, { incarnation: 0, activity: "starting" });
  state.agents.member = agentOf({ hire: { ...agentOf().hire, agent: "member", seat: "PeerA" }, job: undefined });
  expect(jobRows(state).map((row) => row.id)).toEqual(["new", "old", "member", "pending", "failed", "done"]);
});
