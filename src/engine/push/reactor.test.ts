import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PushLab } from "../../../test/fakes/push-lab.ts";

let lab: PushLab;

beforeEach(async () => {
  lab = new PushLab();
  await lab.start();
});
afterEach(() => lab.end());

const titles = (): string[] => lab.service.arrived.map(({ text }) => text.title);
const dropped = () => lab.house.facts("push.dropped").map(({ device, reason }) => [device, reason]);

test("a question is told once, to each device, with nothing of what was asked", async () => {
  const [one, two] = [await lab.device("one"), await lab.device("two")];
  lab.ask(ANN, "q-1", '{"command":"curl -H token=secret"}');
  await lab.pass(2900);
  expect(titles()).toEqual([]);
  await lab.pass(100);
  await lab.service.until(2);
  expect(lab.service.arrived.map(({ device }) => device).sort()).toEqual(["one", "two"]);
  const [first] = lab.service.arrived;
  expect([first?.text.title, first?.text.link]).toEqual([`${ANN} asks to use Bash`, `#/agents/${ANN}`]);
  expect(first?.headers).toMatchObject({ ttl: 43_200, urgency: "high" });
  expect(JSON.stringify(lab.service.arrived)).not.toContain("secret");
  await lab.settle();
  expect(lab.house.state.pushes).toMatchObject({
    ...{ open: {}, told: { "question q-1": true } },
    devices: { [one]: { last: { reason: "" } }, [two]: { last: { reason: "" } } },
  });
  await lab.pass(600_000);
  expect(titles().length).toBe(2);
});

test("what comes within seconds is one message, which leads to Home; the next one is another", async () => {
  await lab.device("one");
  lab.ask(ANN, "q-1");
  await lab.pass(1000);
  lab.ask(BOB, "q-2");
  lab.fail("c0000003");
  await lab.pass(2000);
  await lab.service.until(1);
  expect(lab.service.arrived[0]?.text).toMatchObject({ title: "3 things need you", link: "#/" });
  expect(lab.service.arrived[0]?.headers.urgency).toBe("high");
  expect(lab.service.arrived[0]?.text.body.split("\n").sort()).toEqual([
    ...[`${ANN} asks to use Bash`, `${BOB} asks to use Bash`, "c0000003 failed"],
  ]);
  lab.fail("d0000004");
  await lab.pass(3000);
  await lab.service.until(2);
  expect([titles()[1], lab.service.arrived[1]?.headers.urgency]).toEqual(["d0000004 failed", "normal"]);
});

test("what is over before it is told is not told; the same need again is another one", async () => {
  await lab.device("one");
  lab.ask(ANN, "q-1");
  await lab.pass(1000);
  lab.answer(ANN, "q-1");
  await lab.pass(60_000);
  expect(lab.service.requests).toBe(0);
  lab.house.observe({ type: "agent.changed", agent: BOB, activity: "waiting", detail: "login" });
  await lab.pass(3000);
  await lab.service.until(1);
  lab.house.observe({ type: "agent.changed", agent: BOB, activity: "idle" });
  await lab.pass(5000);
  lab.house.observe({ type: "agent.changed", agent: BOB, activity: "waiting", detail: "login" });
  await lab.pass(3000);
  await lab.service.until(2);
  expect(titles()).toEqual([`${BOB} asks on its screen`, `${BOB} asks on its screen`]);
});

test("a need that was over counts anew; one whose message waits for its service is dropped when it is over", async () => {
  const device = await lab.device("one");
  const reached = {
    type: "limit.reached",
    agent: ANN,
    until: lab.house.clock.now() + 3_600_000,
    isKnown: true,
  } as const;
  lab.house.observe(reached);
  await lab.pass(3000);
  lab.house.observe({ type: "limit.ended", agent: ANN });
  await lab.pass(1000);
  expect(lab.house.facts("push.settled")).toMatchObject([{ needs: [`limit ${ANN}`] }]);
  lab.house.observe({ ...reached, until: reached.until + 1 });
  await lab.pass(3000);
  expect(titles()).toEqual([`${ANN} has reached a usage limit`, `${ANN} has reached a usage limit`]);
  lab.service.next.push({ status: 503 });
  lab.ask(BOB, "q-2");
  await lab.pass(3000);
  lab.answer(BOB, "q-2");
  await lab.pass(60_000);
  expect([lab.service.requests, dropped()]).toEqual([3, [[device, "it is over"]]]);
  expect(lab.house.state.pushes.devices[device]?.last?.reason).toBe("");
});

test("a need that is over and comes again is gathered anew; one that stays is not told again beside it", async () => {
  await lab.device("one");
  lab.fail("c0000003");
  const reached = { type: "limit.reached", agent: ANN, until: lab.house.clock.now() + 9e6, isKnown: true } as const;
  await lab.pass(3000);
  lab.house.observe(reached);
  await lab.pass(2000);
  lab.house.observe({ type: "limit.ended", agent: ANN });
  await lab.pass(30_000);
  lab.house.observe({ ...reached, until: reached.until + 1 });
  await lab.pass(2999);
  expect(titles()).toEqual(["c0000003 failed"]);
  await lab.pass(1);
  lab.house.observe({ type: "limit.ended", agent: ANN });
  await lab.pass(500);
  expect(lab.house.facts("push.settled")).toMatchObject([{ needs: [`limit ${ANN}`] }]);
  lab.house.observe({ ...reached, until: reached.until + 2 });
  await lab.pass(3000);
  expect(titles()).toEqual(["c0000003 failed", ...Array(2).fill(`${ANN} has reached a usage limit`)]);
});

test("an answered question is no other need while its agent has not gone on", async () => {
  await lab.device("one");
  lab.ask(ANN, "q-1");
  await lab.pass(60_000);
  lab.house.dispatch({ do: "answer", agent: ANN, question: "q-1", choice: "allow" });
  await lab.pass(2000);
  lab.house.observe({ type: "agent.changed", agent: ANN, activity: "busy" });
  await lab.pass(60_000);
  expect(titles()).toEqual([`${ANN} asks to use Bash`]);
});

test("time alone makes a queue without a lead need a person, and that is told then", async () => {
  await lab.device("one");
  lab.house.dispatch({
    do: "enqueue",
    order: { prompt: "x", priority: 0, after: [], cwd: "/r", isDirect: false, retries: 0 },
  });
  await lab.pass(500);
  expect(lab.house.clock.next).toBe(59_500);
  await lab.pass(59_500);
  expect([lab.service.requests, lab.house.clock.next]).toEqual([0, 3000]);
  await lab.pass(3000);
  await lab.service.until(1);
  expect(titles()).toEqual(["the queue has 1 task without a lead"]);
  await lab.pass(500);
  // Nothing is looked at while nothing can happen.
  expect(lab.house.clock.next).toBeNull();
  lab.house.observe({ type: "agent.changed", agent: ANN, activity: "busy" });
  await lab.pass(500);
  expect(lab.house.clock.next).toBeNull();
});

test("while much happens, all agents and jobs are looked at twice a second, and what comes meanwhile is told in time", async () => {
  await lab.device("one");
  await lab.pass(1000);
  let looks = 0;
  // Only a look asks for decisions.
  const { rfds } = lab.house.state;
  const counted = () => {
    looks += 1;
    return rfds;
  };
  Object.defineProperty(lab.house.state, "rfds", { get: counted });
  for (let n = 0; n < 100; n++) {
    lab.house.observe({ type: "agent.changed", agent: BOB, activity: n % 2 === 0 ? "busy" : "idle" });
    if (n === 1) lab.ask(ANN, "q-1");
    await lab.pass(10);
  }
  expect([looks > 1, looks < 12]).toEqual([true, true]);
  await lab.pass(2009);
  expect(titles()).toEqual([]);
  await lab.pass(1);
  expect(titles()).toEqual([`${ANN} asks to use Bash`]);
});

test("what time alone will bring is not forgotten over something else that is told first", async () => {
  await lab.device("one");
  const order = { prompt: "x", priority: 0, after: [], cwd: "/r", isDirect: false, retries: 0 };
  lab.house.dispatch({ do: "enqueue", order });
  await lab.pass(10_000);
  lab.ask(ANN, "q-1");
  await lab.pass(3000);
  expect([titles(), lab.house.clock.next]).toEqual([[`${ANN} asks to use Bash`], 47_000]);
  await lab.pass(47_000);
  await lab.pass(3000);
  expect(titles()[1]).toBe("the queue has 1 task without a lead");
});

test("without a device nothing is looked for, written or sent, and what a first device finds is not told to it", async () => {
  lab.ask(ANN, "q-1");
  await lab.settle();
  expect(lab.house.clock.next).toBeNull();
  await lab.pass(60_000);
  expect(lab.house.log.read(0).filter(({ type }) => type.startsWith("push."))).toEqual([]);
  await lab.device("one");
  await lab.pass(60_000);
  lab.ask(BOB, "q-2");
  await lab.pass(3000);
  await lab.service.until(1);
  expect(titles()).toEqual([`${BOB} asks to use Bash`]);
});

test("a device that its browser ended is removed with its keys, and others are told all the same", async () => {
  const [gone] = [await lab.device("one"), await lab.device("two")];
  lab.service.unsubscribe("one");
  lab.ask(ANN, "q-1");
  await lab.pass(3000);
  await lab.service.until(1);
  await lab.settle();
  expect(lab.house.facts("device.removed")).toMatchObject([{ device: gone, reason: "its browser has ended it (410)" }]);
  expect([Object.keys(lab.house.state.pushes.devices).length, lab.house.state.pushes.open]).toEqual([1, {}]);
  expect(lab.kept()).not.toContain("/wp/one");
  expect(lab.kept()).toContain("/wp/two");
});

test("F32 a service that is busy or away is asked again, later each time, and told once", async () => {
  await lab.device("one");
  lab.service.next.push({ status: 503 }, { status: 500 }, { status: 429, headers: { "retry-after": "60" } });
  lab.ask(ANN, "q-1");
  const asked = async (ms: number): Promise<number> => {
    await lab.pass(ms);
    return lab.service.requests;
  };
  expect([await asked(3000), await asked(1999), await asked(1)]).toEqual([1, 1, 2]);
  expect([await asked(3999), await asked(1), await asked(59_999)]).toEqual([2, 3, 3]);
  expect(await asked(1)).toBe(4);
  expect([titles(), await asked(3_600_000)]).toEqual([[`${ANN} asks to use Bash`], 4]);
});

test("what nobody took for half a day is given up, and what is refused is said at once", async () => {
  const device = await lab.device("one");
  lab.service.next.push({ status: 413 });
  lab.ask(ANN, "q-1");
  await lab.pass(3000);
  expect(dropped()).toEqual([[device, "fcm.googleapis.com answered 413"]]);
  lab.service.always = 503;
  lab.ask(BOB, "q-2");
  for (let hours = 0; hours < 12; hours += 0.25) await lab.pass(900_000);
  expect(dropped().length).toBe(1);
  await lab.pass(900_000);
  expect(dropped()[1]).toEqual([device, "no push service took it in time"]);
  expect(lab.service.requests).toBeLessThan(70);
  expect(lab.house.state.pushes.devices[device]?.last?.reason).toBe("no push service took it in time");
});

test("F1 a daemon that is killed tells the rest, and nothing twice", async () => {
  await lab.device("one");
  lab.ask(ANN, "q-1");
  await lab.pass(3000);
  await lab.service.until(1);
  await lab.settle();
  await lab.killed();
  await lab.pass(60_000);
  expect(titles()).toEqual([`${ANN} asks to use Bash`]);
  // Planned, and nothing left yet.
  lab.service.always = 503;
  lab.ask(BOB, "q-2");
  await lab.pass(3000);
  await lab.killed();
  lab.service.always = null;
  await lab.pass(1);
  await lab.service.until(2);
  await lab.settle();
  await lab.killed();
  await lab.pass(60_000);
  expect(titles()).toEqual([`${ANN} asks to use Bash`, `${BOB} asks to use Bash`]);
});

test("F1 a message that left when the daemon was killed leaves again as the same one, which a device shows once", async () => {
  await lab.device("one");
  lab.losesAnswers = true;
  lab.ask(ANN, "q-1");
  await lab.pass(3000);
  await lab.service.until(1);
  lab.losesAnswers = false;
  await lab.killed();
  await lab.pass(1);
  await lab.service.until(2);
  const [first, second] = lab.service.arrived;
  expect(second?.text).toEqual(first?.text as never);
  expect(second?.headers.topic).toBe(first?.headers.topic as string);
});
