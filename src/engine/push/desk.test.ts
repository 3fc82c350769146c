import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN } from "../../../test/fakes/history.ts";
import { PushLab } from "../../../test/fakes/push-lab.ts";
import { refusalOf } from "../../../test/fakes/refusal.ts";
import { PERSON } from "../../core/ids.ts";
import { pushWakes } from "./reactor.ts";

const { signal } = new AbortController();
let lab: PushLab;

beforeEach(async () => {
  lab = new PushLab();
  await lab.start();
});
afterEach(() => lab.end());

test("devices are listed as they came, each with what became of its latest message", async () => {
  const [one, two] = [await lab.device("one"), await lab.device("two")];
  const at = lab.house.clock.now();
  expect(lab.desk.rows()).toEqual([
    { device: one, label: "Browser one", addedAt: at, last: null },
    { device: two, label: "Browser two", addedAt: at, last: null },
  ]);
  lab.service.unsubscribe("two");
  lab.ask(ANN, "q-1");
  await lab.pass(3000);
  await lab.settle();
  expect(lab.desk.rows()).toEqual([
    { device: one, label: "Browser one", addedAt: at, last: { at: at + 3000, reason: "" } },
  ]);
});

test("a test goes to one device or to all, is no fact, and says what became of it", async () => {
  expect(await refusalOf(lab.desk.test(undefined, signal))).toEqual([
    ...["state", "no device is notified", "open the page there: Notifications, Notify this device"],
  ]);
  const [one, two] = [await lab.device("one"), await lab.device("two")];
  expect(await lab.desk.test(two, signal)).toEqual([{ device: two, label: "Browser two", isSent: true, reason: "" }]);
  const [arrived] = lab.service.arrived;
  expect([arrived?.device, arrived?.text]).toEqual([
    "two",
    {
      ...{ title: "A test from Muster", body: "This device is notified when something needs you." },
      ...{ link: "#/notifications", tag: "test" },
    },
  ]);
  expect(arrived?.headers).toEqual({ ttl: 60, urgency: "high", topic: "test" });
  lab.service.next.push({ status: 503 });
  const [failed] = await lab.desk.test(one, signal);
  expect(failed).toEqual({
    ...{ device: one, label: "Browser one", isSent: false },
    reason: "fcm.googleapis.com answered 503",
  });
  lab.service.unsubscribe("one");
  expect((await lab.desk.test(undefined, signal)).map(({ isSent }) => isSent)).toEqual([false, true]);
  expect([lab.desk.rows().map(({ device }) => device), lab.kept().includes("/wp/one")]).toEqual([[two], false]);
  expect(lab.house.log.read(0).filter(({ type }) => type.startsWith("push."))).toEqual([]);
});

test("a device that is not there is refused, and a removed one leaves nothing behind", async () => {
  const missing = ["missing", "no device d-00000000", "muster dashboard --devices lists them"];
  expect(await refusalOf(lab.desk.test("d-00000000", signal))).toEqual(missing);
  expect(await refusalOf(lab.desk.remove("d-00000000", PERSON))).toEqual(missing);
  const device = await lab.device("one");
  expect(await lab.desk.remove(device, PERSON)).toEqual({ device });
  expect([lab.desk.rows(), lab.kept().includes("/wp/one")]).toEqual([[], false]);
});

test("facts that cannot make something need a person wake nothing", () => {
  const wakes = (...types: string[]) => pushWakes(types.map((type) => ({ type })) as never);
  expect(
    wakes("hook.heard", "usage.measured", "message.delivered", "push.sent", "plan.job.x", "subagent.changed"),
  ).toEqual([]);
  for (const type of [
    "permission.asked",
    "agent.changed",
    "job.finished",
    "approval.decided",
    "device.added",
    "rfd.opened",
  ])
    expect([type, wakes("hook.heard", type)]).toEqual([type, ["look"]]);
});
