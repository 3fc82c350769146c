import { expect, test } from "bun:test";
import { ANN, History, hireOf } from "../../../test/fakes/history.ts";
import type { FactType } from "../facts.ts";
import { needs } from "../needs.ts";
import { pushText } from "./words.ts";

const enlist = (history: History, device: string, known: string[] = [], label = "Chrome on Android"): void =>
  void history.dispatch({ do: "enlist", device, label, known });

test("a device is told from now on; a label is one short visible line, and the same device again changes nothing", () => {
  const history = new History();
  enlist(history, "d-1", ["queue"], `  Chrome\u001b[31m\n${"x".repeat(200)}`);
  const { label = "" } = history.state.pushes.devices["d-1"] ?? {};
  expect([label.length <= 60, /[\u0000-\u001f]/.test(label), label.startsWith("Chrome�[31m")]).toEqual([
    true,
    false,
    true,
  ]);
  expect(history.state.pushes.told).toEqual({ queue: true });
  enlist(history, "d-1", ["lead"], "other");
  expect(history.state.pushes.devices["d-1"]?.label).toBe(label);
  enlist(history, "d-2", ["lead"], " ");
  enlist(history, "d-3", [], " Edge ");
  expect(history.state.pushes.devices["d-3"]?.label).toBe("Edge");
  expect([history.state.pushes.devices["d-2"]?.label, history.state.pushes.told]).toEqual([
    "a browser",
    { queue: true },
  ]);
});

test("at most twenty devices are told; only a person adds and removes them", () => {
  const history = new History();
  for (let n = 0; n < 20; n++) enlist(history, `d-${n}`);
  expect(() => enlist(history, "d-20")).toThrow("20 devices are notified already");
  expect(() => enlist(history, "d-19")).not.toThrow();
  expect(() => history.dispatch({ do: "delist", device: "d-20" })).toThrow("no device d-20");
  for (const agent of [ANN, "orch"]) {
    expect(() =>
      history.dispatch({ do: "enlist", device: "d-9", label: "", known: [] }, { kind: "agent", agent }),
    ).toThrow("may not enlist");
    expect(() => history.dispatch({ do: "delist", device: "d-9" }, { kind: "agent", agent })).toThrow("may not delist");
  }
});

test("a push is open until each device has its answer; what comes twice or too late says nothing", () => {
  const history = new History();
  const observe = (fact: object): FactType[] => history.observe(fact as never) as FactType[];
  const planned = { type: "push.planned", push: "p-1", needs: ["a", "b"] };
  expect(observe(planned)).toEqual([]);
  enlist(history, "d-1");
  enlist(history, "d-2");
  expect([observe(planned), observe(planned)]).toEqual([["push.planned"], []]);
  enlist(history, "d-3");
  expect(history.state.pushes.open["p-1"]?.waiting).toEqual(["d-1", "d-2"]);
  const sent = { type: "push.sent", push: "p-1", device: "d-1" };
  expect([observe({ ...sent, device: "d-3" }), observe(sent), observe(sent)]).toEqual([[], ["push.sent"], []]);
  const dropped = { type: "push.dropped", push: "p-1", device: "d-2", reason: "it is over" };
  expect([observe(dropped), history.state.pushes.open]).toEqual([["push.dropped"], {}]);
  const { "d-1": one, "d-2": two } = history.state.pushes.devices;
  expect([one?.last?.reason, two?.last]).toEqual(["", undefined]);
  expect([
    observe({ type: "push.settled", needs: ["a", "c"] }),
    observe({ type: "push.settled", needs: ["a"] }),
  ]).toEqual([["push.settled"], []]);
  expect(history.state.pushes.told).toEqual({ b: true });
});

test("with a device goes what was to be sent to it; the next first one begins anew", () => {
  const history = new History();
  enlist(history, "d-1");
  enlist(history, "d-2");
  history.observe({ type: "push.planned", push: "p-1", needs: ["a"] });
  history.dispatch({ do: "delist", device: "d-1" });
  expect(history.state.pushes.open["p-1"]?.waiting).toEqual(["d-2"]);
  const gone = { type: "device.removed", device: "d-2", reason: "its browser has ended it (410)" } as const;
  expect([history.observe(gone), history.observe(gone)]).toEqual([["device.removed"], []]);
  expect([history.state.pushes.devices, history.state.pushes.open]).toEqual([{}, {}]);
  enlist(history, "d-3", ["b"]);
  expect(history.state.pushes.told).toEqual({ b: true });
});

/** Everything that can need a person, each with a secret in whatever an agent or a person wrote. */
function inNeed(): History {
  const history = new History();
  const secret = "SECRET";
  const [asks, dialog, failed, limited] = ["a0000001", "b0000002", "c0000003", "d0000004"] as const;
  for (const agent of [asks, dialog, failed, limited]) {
    const job = { id: agent, mid: `m-${agent}`, prompt: secret };
    history.dispatch({ do: "start", hire: hireOf(agent, { model: secret, cwd: `/${secret}` }), job });
    history.open(agent);
  }
  history.observe(
    { type: "agent.changed", agent: asks, activity: "waiting", detail: secret },
    { type: "permission.asked", agent: asks, question: "q", tool: "Bash", input: `{"command":"${secret}"}` },
    { type: "agent.changed", agent: dialog, activity: "waiting", detail: secret },
    { type: "job.finished", job: failed, outcome: "failed", reason: secret },
    { type: "limit.reached", agent: limited, until: 9e12, isKnown: true },
  );
  const asked = { why: secret, chain: [], until: 9e12 };
  const input = `{"command":"${secret}"}`;
  history.observe(
    { ...asked, type: "approval.asked", approval: "A-1", name: "night", action: { do: "notify", message: secret } },
    {
      ...{ ...asked, type: "approval.asked", approval: "A-2", name: "permission rule" },
      action: { do: "answer_permission", agent: asks, question: "q", tool: "Bash", input },
    },
  );
  history.dispatch({
    do: "enqueue",
    order: { prompt: secret, priority: 0, after: [], cwd: `/${secret}`, isDirect: false, retries: 0 },
  });
  return history;
}

test("a message says who and what, never what an agent, a program or a prompt says", () => {
  const { state, at } = inNeed();
  const all = needs(state, at + 70_000);
  expect(JSON.stringify(all)).toContain("SECRET");
  expect(all.map((need) => pushText("p-1", [need]).title).sort()).toEqual([
    ...[
      "a0000001 asks to use Bash",
      "b0000002 asks on its screen",
      "c0000003 failed",
      "d0000004 has reached a usage limit",
    ],
    ...[
      "permission rule asks for your approval",
      "the queue has 1 task without a lead",
      "trigger night asks for your approval",
    ],
  ]);
  const texts = [...all.map((need) => [need]), all].map((some) => pushText("p-1", some));
  expect(JSON.stringify(texts)).not.toContain("SECRET");
  expect(new Set(all.map((need) => pushText("p-1", [need]).link))).toEqual(
    new Set([
      "#/orchestrator",
      ...["a0000001", "b0000002", "c0000003", "d0000004"].map((agent) => `#/agents/${agent}`),
    ]),
  );
  expect(pushText("p-1", all.slice(0, 4)).body.split("\n").length).toBe(4);
  expect(pushText("p-1", all.slice(0, 4)).body).not.toContain("more");
  const { title, body, link } = pushText("p-1", all);
  expect([title, body.split("\n").length, body.split("\n").at(-1), link]).toEqual([
    "7 things need you",
    5,
    "and 3 more",
    "#/",
  ]);
});

test("a message is short, whatever names are long", () => {
  const { state, at } = inNeed();
  const [need] = needs(state, at);
  const long = Array.from({ length: 30 }, () => ({ ...(need as NonNullable<typeof need>), who: "ж".repeat(500) }));
  for (const some of [long.slice(0, 1), long])
    expect(new TextEncoder().encode(JSON.stringify(pushText("p-1", some))).length).toBeLessThan(2048);
});
