import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN } from "../../../test/fakes/history.ts";
import { House } from "../../../test/fakes/house.ts";
import { DAEMON } from "../../core/ids.ts";
import { permissionRules } from "./permissions.ts";
import { PulseReactor } from "./reactor.ts";
import { triggerRules } from "./rules.ts";

let it: House;
beforeEach(() => {
  it = new House([...triggerRules, ...permissionRules]);
  const dispatch = (command: Parameters<House["dispatch"]>[0]) => void it.dispatch(command, DAEMON);
  it.run(new PulseReactor({ clock: it.clock, state: () => it.state, dispatch, zone: "UTC" }) as never);
  it.start(ANN);
  it.open(ANN);
});
afterEach(() => it.end());

const PUSH = JSON.stringify({ command: "git push origin main" });
const rules = (...approvals: { tool: string; match: string; minutes: number }[]) =>
  it.observe({ type: "config.loaded", changes: { approvals } });
const ask = (question: string, input = PUSH) =>
  it.observe({ type: "permission.asked", agent: ANN, question, tool: "Bash", input });
const open = () => Object.values(it.state.triggers.approvals).filter(({ decided }) => !decided);
const decide = (decision: "approve" | "reject", comment?: string) =>
  it.dispatch({ do: "approve", approval: open()[0]?.id ?? "", decision, comment });
const answers = () => it.facts("permission.answered").map(({ question, choice, reason }) => [question, choice, reason]);
const RULE = { tool: "Bash", match: "git push*", minutes: 2 };

test("A54 without a rule, or with one about something else, nothing is said to the CLI", async () => {
  ask("q-1");
  rules({ ...RULE, match: "rm *" });
  ask("q-2");
  await it.clock.pass(600_000);
  expect([open(), answers()]).toEqual([[], []]);
  expect(it.state.agents[ANN]?.question?.id).toBe("q-2");
});

test("A54 what a rule is about waits as an approval of exactly this call; a person's yes allows it, once", () => {
  rules(RULE);
  ask("q-1");
  expect(open()).toMatchObject([
    {
      ...{ name: "permission rule", why: "Bash git push*", until: it.clock.now() + 120_000 },
      action: { do: "answer_permission", agent: ANN, question: "q-1", tool: "Bash", input: PUSH },
    },
  ]);
  expect(it.state.notices.at(-1)?.text).toContain("muster approvals");
  decide("approve");
  expect(answers()).toEqual([["q-1", "allow", ""]]);
  // The same words again are another call.
  ask("q-2");
  expect([open().length, answers().length]).toEqual([1, 1]);
});

test("A54 a person's no, and nobody's word in time, deny it with the reason", async () => {
  rules(RULE);
  ask("q-1");
  decide("reject", "not on a Friday");
  ask("q-2");
  await it.clock.pass(110_000);
  expect(answers()).toEqual([["q-1", "deny", "not on a Friday"]]);
  await it.clock.pass(20_000);
  expect(answers()[1]).toEqual(["q-2", "deny", "nobody allowed it in time"]);
  expect(open()).toEqual([]);
});

test("A54 what was answered at the terminal is not asked any more, and a late yes allows nothing", () => {
  rules(RULE);
  ask("q-1");
  const [asked] = open();
  it.observe({ type: "permission.answered", agent: ANN, question: "q-1", choice: "withdrawn" });
  expect(open()).toEqual([]);
  expect(it.state.triggers.approvals[asked?.id ?? ""]?.decided?.comment).toBe("it was answered elsewhere");
  expect(() => it.dispatch({ do: "approve", approval: asked?.id ?? "", decision: "approve" })).toThrow("it expired");
  expect(answers()).toEqual([["q-1", "withdrawn", undefined] as never]);
});

test("A54 the next question takes nothing of the one before it", () => {
  rules(RULE);
  ask("q-1");
  const [first] = open();
  ask("q-2", JSON.stringify({ command: "rm -r /" }));
  it.dispatch({ do: "approve", approval: first?.id ?? "", decision: "approve" });
  expect(answers()).toEqual([]);
});
