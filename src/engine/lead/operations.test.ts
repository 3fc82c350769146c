import { afterEach, beforeEach, expect, test } from "bun:test";
import { hireOf } from "../../../test/fakes/history.ts";
import { House } from "../../../test/fakes/house.ts";
import { refusal, refusalOf } from "../../../test/fakes/refusal.ts";
import { DAEMON, LEAD, LEADS, PERSON } from "../../core/ids.ts";
import { leadRole } from "../../core/lead/texts.ts";
import { LeadDesk } from "./operations.ts";

let it: House;
let asked: unknown[][];
let desk: LeadDesk;

beforeEach(() => {
  it = new House();
  asked = [];
  desk = new LeadDesk({
    engine: it.engine,
    operations: {
      async hireFor(...given) {
        asked.push(given);
        const { agent: _, ...hire } = hireOf(LEAD, { driver: "claude" });
        return { ...hire, agent: LEAD };
      },
      send(...given) {
        asked.push(given);
        return { mid: "m-1" } as never;
      },
      dispatch: (command, by) => it.dispatch(command, by),
    },
  });
});
afterEach(() => it.end());

const start = () => desk.start({ cwd: "/r", model: "opus" }, PERSON);

test("A55 a person starts the lead with its role, checked as any start is; it is there once", async () => {
  expect(await start()).toEqual({ agent: LEAD });
  expect(asked).toEqual([[{ cwd: "/r", model: "opus", prompt: leadRole(LEAD) }, PERSON, LEAD]]);
  expect(it.state.agents[LEAD]?.hire).toMatchObject({ agent: LEAD, driver: "claude", role: leadRole(LEAD) });
  expect(it.facts("agent.hired")).toMatchObject([{ by: "user" }]);
  expect(await refusalOf(start())).toEqual([
    ...[
      "state",
      "the lead is there already",
      "muster orchestrator status shows it; another one: muster orchestrator start orch-2",
    ],
  ]);
});

test("A55 a stopped lead may be started again", async () => {
  await start();
  expect(desk.stop(PERSON)).toEqual({ agents: [LEAD] });
  expect(it.facts("agent.dismissed")).toMatchObject([{ agent: LEAD, reason: "stopped by user", by: "user" }]);
  it.observe({ type: "terminal.exited", agent: LEAD, incarnation: 0, code: 0, signal: null });
  expect(await start()).toEqual({ agent: LEAD });
});

test("A55 words for the lead are a message to it", async () => {
  await start();
  expect(desk.inject("look here", DAEMON)).toEqual({ mid: "m-1" });
  expect(asked[1]).toEqual([{ to: LEAD, text: "look here" }, DAEMON]);
});

test("A55 without a lead there is none to stop or to talk to", async () => {
  const none = ["state", "there is no lead", "muster orchestrator start"];
  const refusals = () => [() => desk.stop(PERSON), () => desk.inject("hello", PERSON)].map(refusal);
  expect(refusals()).toEqual([none, none]);
  await start();
  desk.stop(PERSON);
  expect(refusals()).toEqual([none, none]);
  expect(asked).toHaveLength(1);
});

test("A60 more leads are started by name and for tags, each once; without a name all are stopped", async () => {
  expect(await desk.start({ cwd: "/r", lead: "orch-2", tags: ["docs"] }, PERSON)).toEqual({ agent: "orch-2" });
  const { role = "" } = it.state.agents["orch-2"]?.hire ?? {};
  expect(role).toStartWith(leadRole(LEAD));
  expect(role).toContain("You are orch-2, one of several leads that share a queue; you are for docs. ");
  expect(it.state.leads["orch-2"]?.tags).toEqual(["docs"]);
  expect(leadRole("orch-3")).toContain("share a queue. Agents and tasks");
  expect(leadRole(LEAD, ["css"])).toContain("You are orch, one of several leads that share a queue; you are for css. ");
  const again = await refusalOf(desk.start({ cwd: "/r", lead: "orch-2" }, PERSON));
  expect(again.slice(1)).toEqual([
    ...["orch-2 is there already", "muster orchestrator status shows it; another one: muster orchestrator start orch"],
  ]);
  await start();
  expect(desk.stop(PERSON)).toEqual({ agents: [LEAD, "orch-2"] });
});

test("A60 of several leads one is talked to and stopped by its name, else the one that leads is meant", async () => {
  await start();
  await desk.start({ cwd: "/r", lead: "orch-2" }, PERSON);
  desk.inject("first", PERSON);
  desk.inject("second", PERSON, "orch-2");
  expect(asked.slice(2)).toEqual([
    [{ to: LEAD, text: "first" }, PERSON],
    [{ to: "orch-2", text: "second" }, PERSON],
  ]);
  expect(desk.stop(PERSON, "orch-2")).toEqual({ agents: ["orch-2"] });
  expect(refusal(() => desk.stop(PERSON, "orch-2"))).toEqual(["state", "there is no orch-2", "there are: orch"]);
  expect(refusal(() => desk.inject("x", PERSON, "boss"))[1]).toBe("boss is no lead");
  expect((await refusalOf(desk.start({ cwd: "/r", lead: "orch-10" }, PERSON)))[1]).toBe("orch-10 is no lead");
  expect((await refusalOf(desk.start({ cwd: "/r", lead: "orch-3", tags: ["No"] }, PERSON)))[1]).toBe('"No" is no tag');
  expect(asked).toHaveLength(4);
});

test("A60 where every lead is there no other one is named; a lead that starts again keeps what it is for", async () => {
  for (const lead of LEADS) await desk.start({ cwd: "/r", lead, tags: ["docs"] }, PERSON);
  const [, , hint] = await refusalOf(start());
  expect(hint).toBe("muster orchestrator status shows it");
  desk.stop(PERSON, "orch-2");
  it.observe({ type: "terminal.exited", agent: "orch-2", incarnation: 0, code: 0, signal: null });
  await desk.start({ cwd: "/r", lead: "orch-2" }, PERSON);
  expect(it.state.agents["orch-2"]?.hire.role).toContain("you are for docs");
});
