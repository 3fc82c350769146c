import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "../client/client.ts";
import { connect } from "../client/connect.ts";
import { homeAt } from "../client/home.ts";
import { endDaemon } from "../client/launch.ts";
import type { Event } from "../core/facts.ts";
import { Refusal } from "../core/refusal.ts";
import { type Call, type CommandSpec, isSet, text } from "./command.ts";
import { actTeller } from "./demo/acts.ts";
import { bugOf } from "./demo/bugs.ts";
import { demoGit, makeProject, scenarioOf } from "./demo/project.ts";
import { report, type Stage } from "./demo/report.ts";
import { followTeam } from "./run.ts";
import { paint, wrapped } from "./style.ts";

/** A minute for everything; the play itself takes a few seconds. */
const LIMIT_MS = 45_000;
const INTERRUPTED = 130;

async function setUp(call: Call, folder: string, seed: number): Promise<Stage> {
  const repo = join(folder, "project");
  mkdirSync(repo);
  const bug = bugOf(seed);
  makeProject(repo, bug);
  writeFileSync(join(folder, "scenario.json"), JSON.stringify(scenarioOf(bug), null, 1));
  const env = { ...call.env, MUSTER_HOME: join(folder, "home") };
  const test = text(call.flags, "test-command");
  const client = await connect(homeAt(env.MUSTER_HOME), test === undefined ? env : { ...env, TEST_CMD: test });
  return { folder, repo, client, head: demoGit(repo, "rev-parse", "HEAD") };
}

/** Starts the pair and prints what happens until PeerA reported to the user, or time is up. */
async function play(call: Call, stage: Stage, seed: number): Promise<void> {
  const driver = `mock:${join(stage.folder, "scenario.json")}`;
  const { task } = bugOf(seed);
  const order = { repo: stage.repo, task, peerA: { driver }, peerB: { driver } };
  const begin = async () => (await stage.client.post<{ team: string }>("/api/teams", order)).team;
  const act = actTeller();
  const announce = (event: Event) => {
    const title = act(event);
    if (title) call.print(`\n${paint("bold", title)}`);
  };
  let refusals = 0;
  const isDone = (event: Event) => {
    if (event.type === "patch.refused") refusals += 1;
    const isReport = event.type === "message.queued" && event.to === "user" && event.kind === "letter";
    return isReport || refusals >= 2;
  };
  const follow = followTeam({ ...call, daemon: async () => stage.client }, begin, isDone, announce);
  const limit = Promise.withResolvers<"late">();
  const timer = setTimeout(() => limit.resolve("late"), LIMIT_MS);
  const end = await Promise.race([follow, limit.promise]);
  clearTimeout(timer);
  if (end === "late") call.print(`\n${paint("red", "Time is up")}: ${LIMIT_MS / 1000} s, and nobody has reported.`);
}

const NEXT = `
The same on a repository of yours, with real CLIs:
  cd your-repository
  muster init                 # settings, mailbox, boards; nothing is committed
  $EDITOR PROJECT.md          # what should exist in the end
  muster run --task "..."     # two Claude Code peers; --peer-b none for one
`;

const loginTo = async (client: Client): Promise<string> => (await client.post<{ url: string }>("/api/login", {})).url;

async function sayBeginning({ flags, print }: Call, { client, repo }: Stage, seed: number): Promise<void> {
  const isHeld = isSet(flags, "hold");
  print(`${paint("bold", "A pair of stand-in agents works on a small real project")}: no key, no cost
  task     ${wrapped(bugOf(seed).task, 11)}
  project  ${repo}
  page     ${await loginTo(client)}${isHeld ? "" : "\n           while it runs; --hold keeps it open afterwards"}`);
}

/** Whoever interrupts, however often, leaves nothing behind: no agent, no daemon, no folder. */
function cleanUpOnSignals(cleanUp: () => Promise<void>): void {
  let isLeaving = false;
  const leave = () => {
    if (isLeaving) return;
    isLeaving = true;
    void cleanUp().finally(() => process.exit(INTERRUPTED));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, leave);
}

async function hold({ print }: Call, { client }: Stage): Promise<void> {
  print(`The agents stay, and so does the page: ${await loginTo(client)}\nCtrl-C ends the demo.`);
  await new Promise(() => {});
}

export const command: CommandSpec = {
  name: "demo",
  usage: "demo [--seed N] [--test-command CMD] [--hold] [--keep]",
  summary: "Two stand-in agents find and fix a planted bug in a small real git project. No key, no network.",
  examples: ["npm start", "npm start -- --seed 3", "npm start -- --test-command false", "npm start -- --hold"],
  flags: {
    seed: { type: "string", value: "N", default: "0", help: "which bug is planted (0)" },
    "test-command": { type: "string", value: "CMD", help: "check patches with this command instead of npm test" },
    hold: { type: "boolean", help: "keep agents and page until Ctrl-C" },
    keep: { type: "boolean", help: "keep the project and the ledger" },
  },
  async run(given) {
    const { flags, isJson } = given;
    const seed = Number(text(flags, "seed") || "x");
    if (!Number.isSafeInteger(seed)) throw new Refusal("usage", `${text(flags, "seed")} is no seed`, "a whole number");
    let isOver = false;
    const call = { ...given, print: (said: string) => void (isOver || isJson || given.print(said)) };
    const folder = mkdtempSync(join(tmpdir(), "muster-demo-"));
    const staging = setUp(call, folder, seed);
    const cleanUp = async () => {
      isOver = true;
      await staging.then(({ client }) => endDaemon(client)).catch(() => {});
      if (!isSet(flags, "keep")) rmSync(folder, { recursive: true, force: true });
    };
    cleanUpOnSignals(cleanUp);
    try {
      const stage = await staging;
      await sayBeginning(call, stage, seed);
      await play(call, stage, seed);
      const result = await report(stage, call.print);
      call.print(NEXT);
      if (isSet(flags, "keep")) call.print(`kept in ${folder}`);
      if (isJson) given.print(JSON.stringify(result));
      if (isSet(flags, "hold")) await hold(call, stage);
      return result.isProven ? 0 : 1;
    } finally {
      await cleanUp();
    }
  },
};
