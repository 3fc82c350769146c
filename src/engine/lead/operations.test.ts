import { afterEach, beforeEach, expect, test } from "bun:test";
import { hireOf } from "../../../test/fakes/history.ts";
import { House } from "../../../test/fakes/house.ts";
import { DAEMON, LEAD, PERSON } from "../../core/ids.ts";
import { LEAD_ROLE } from "../../core/lead/texts.ts";
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

function refusal(error: unknown): unknown[] {
  const { code, message, hint } = error as { code?: string; message?: string; hint?: string };
  return [code, message, hint];
}

const start = () => desk.start({ cwd: "/r", model: "opus" }, PERSON);

test("A55 a person starts the lead with its role, checked as any start is; it is there once", async () => {
  expect(await start()).toEqual({ agent: LEAD });
  expect(asked).toEqual([[{ cwd: "/r", model: "opus", prompt: LEAD_ROLE }, PERSON, LEAD]]);
  expect(it.state.agents[LEAD]?.hire).toMatchObject({ agent: LEAD, driver: "claude", role: LEAD_ROLE });
  expect(it.facts("agent.hired")).toMatchObject([{ by: "user" }]);
  expect(refusal(await start().catch((error) => error))).toEqual([
    ...["state", "the lead is there already", "muster orchestrator status shows it"],
  ]);
});

test("A55 a stopped lead may be started again", async () => {
  await start();
  expect(desk.stop(PERSON)).toEqual({ agent: LEAD });
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
  const tries = () => [() => desk.stop(PERSON), () => desk.inject("hello", PERSON)];
  const refusals = () =>
    tries().map((act) => {
      try {
        return act();
      } catch (error) {
        return refusal(error);
      }
    });
  expect(refusals()).toEqual([none, none]);
  await start();
  desk.stop(PERSON);
  expect(refusals()).toEqual([none, none]);
  expect(asked).toHaveLength(1);
});
