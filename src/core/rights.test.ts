import { expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../test/fakes/history.ts";
import type { Command } from "./commands.ts";
import type { Hire } from "./facts.ts";
import { LEAD, type Principal } from "./ids.ts";

const lead: Principal = { kind: "agent", agent: LEAD };
const worker: Principal = { kind: "agent", agent: ANN };

/** A lead that may write in its folder, an agent of its own and one of the user's. */
function army(): History {
  const history = new History();
  const { agent: _, ...hire } = hireOf(LEAD, { driver: "claude" });
  history.dispatch({ do: "summon", hire });
  history.hire(ANN, { parent: LEAD });
  history.hire(BOB);
  history.open(ANN);
  history.open(BOB);
  return history;
}

const may = (by: Principal, command: Command): string => {
  try {
    army().dispatch(command, by);
    return "yes";
  } catch (error) {
    return (error as Error).message;
  }
};

const start = (more: Partial<Hire>): Command => ({
  do: "start",
  hire: hireOf("c0000003", { driver: "claude", parent: LEAD, ...more }),
});
const no = (verb: string, who = LEAD): string => `agent ${who} may not ${verb}`;

test("A57 S15 the lead starts agents of its own, with no more rights than it has and no program of its choice", () => {
  expect(may(lead, start({}))).toBe("yes");
  expect(may(lead, start({ permission: "read-only" }))).toBe("yes");
  expect(may(lead, start({ permission: "danger-full-access" }))).toBe(no("start"));
  expect(may(lead, start({ command: "sh" }))).toBe(no("start"));
  expect(may(lead, start({ driver: "standin" }))).toBe(no("start"));
  expect(may(lead, start({ parent: undefined }))).toBe(no("start"));
});

test("A57 S15 the lead ends and interrupts its own agents only", () => {
  for (const [agent, said] of [
    [ANN, "yes"],
    [BOB, undefined],
  ] as const) {
    expect(may(lead, { do: "kill", agent, reason: "done" })).toBe(said ?? no("kill"));
    expect(may(lead, { do: "control", agent, id: "c", action: "interrupt" })).toBe(said ?? no("control"));
  }
});

test("A57 S15 the lead speaks in its own name, takes notes, and decides nothing that is the user's", () => {
  const letter = { mid: "m-7", to: ANN, kind: "letter", text: "go on" } as const;
  expect(may(lead, { do: "send", letter: { ...letter, from: LEAD } })).toBe("yes");
  expect(may(lead, { do: "send", letter: { ...letter, from: "user" } })).toBe(no("send"));
  expect(may(lead, { do: "send", letter: { ...letter, from: LEAD, kind: "system" } })).toBe(no("send"));
  expect(may(lead, { do: "note", text: "x" })).toBe("yes");
  for (const command of [
    { do: "answer", agent: ANN, question: "q", choice: "allow" },
    { do: "trust", repo: "/r", hash: "h" },
    { do: "permit", repo: "/r" },
    { do: "retire", reason: "x" },
    { do: "summon" },
    { do: "observe", facts: [] },
  ] as Command[])
    expect(may(lead, command)).not.toBe("yes");
});

test("S15 what the lead may, another agent may not", () => {
  expect(may(worker, { do: "note", text: "x" })).toBe(no("note", ANN));
  expect(may(worker, { ...start({ parent: ANN }) })).toBe(no("start", ANN));
  expect(may(worker, { do: "kill", agent: BOB, reason: "x" })).toBe(no("kill", ANN));
});

const task = (more: object = {}): Command => ({
  do: "enqueue",
  order: { prompt: "p", priority: 0, after: [], cwd: "/r", isDirect: true, retries: 0, ...more },
});

test("A57 S15 the lead queues tasks for itself freely, and for others with no more rights than its own", () => {
  expect(may(lead, task())).toBe("yes");
  expect(may(lead, task({ permission: "read-only", driver: "claude" }))).toBe("yes");
  expect(may(lead, task({ permission: "danger-full-access" }))).toBe(no("enqueue"));
  expect(may(lead, task({ driver: "standin" }))).toBe(no("enqueue"));
  expect(may(lead, task({ isDirect: false, permission: "danger-full-access" }))).toBe("yes");
  expect(may(worker, task())).toBe(no("enqueue", ANN));
});

test("A57 S15 a lead that may only read starts only such as read, and one that is a stand-in starts stand-ins", () => {
  const as = (own: Partial<Hire>, command: Command) => {
    const history = new History();
    const { agent: _, ...hire } = hireOf(LEAD, { driver: "claude", ...own });
    history.dispatch({ do: "summon", hire });
    try {
      return history.dispatch(command, lead).length > 0;
    } catch {
      return false;
    }
  };
  const reader = { permission: "read-only" } as const;
  expect([as(reader, start(reader)), as(reader, start({})), as(reader, task()), as(reader, task(reader))]).toEqual([
    ...[true, false, false, true],
  ]);
  const full = { permission: "danger-full-access" } as const;
  expect([as(full, start(full)), as({ driver: "standin" }, start({ driver: "standin" }))]).toEqual([true, true]);
});

test("A57 S15 without a lead its name may start and queue only what reads", () => {
  const history = new History();
  const by = (command: Command) => {
    try {
      return history.dispatch(command, lead).length > 0;
    } catch {
      return false;
    }
  };
  expect([
    by(start({})),
    by(task()),
    by(start({ permission: "read-only" })),
    by(task({ permission: "read-only" })),
  ]).toEqual([false, false, true, true]);
});

test("A57 S15 the lead adds what asks first, changes nothing that stands, and takes on modes that ask first", () => {
  const action = { do: "notify", message: "x" } as const;
  const trigger = {
    name: "t",
    type: "cron",
    condition: "* * * * *",
    action,
    autonomy: "confirm",
    cooldown: 60,
  } as const;
  const add = (isEdit?: true): Command => ({ do: "trigger", trigger: { ...trigger, isOn: true }, isEdit });
  expect([may(lead, add()), may(lead, add(true))]).toEqual(["yes", no("trigger")]);
  const mode = (act: "create" | "activate" | "delete", name: string) => may(lead, { do: "mode", act, name });
  expect([mode("activate", "maintenance"), mode("activate", "dev")]).toEqual(["yes", no("mode")]);
  expect([mode("create", "own"), mode("delete", "maintenance")]).toEqual([no("mode"), no("mode")]);
  expect(mode("activate", "none")).toBe("no mode none");
});

test("S15 what a command needs is said with who can give it", () => {
  const refused = (by: Principal, command: Command) => {
    try {
      army().dispatch(command, by);
      return [];
    } catch (error) {
      const { code, message, hint } = error as { code?: string; message: string; hint?: string };
      return [code, message, hint];
    }
  };
  expect(refused(worker, { do: "summon" })).toEqual([
    ...["forbidden", `agent ${ANN} may not summon`, "ask the person who runs the team"],
  ]);
  const report: Command = { do: "observe", facts: [] };
  const daemonOnly = ["forbidden", "only the daemon reports what it observed"];
  for (const by of [worker, lead, { kind: "person" } as const])
    expect(refused(by, report).slice(0, 2)).toEqual(daemonOnly);
});

test("S15 a peer signs requests of its own team, and nobody else's", () => {
  const history = new History();
  history.hire(BOB);
  const seats = [{ seat: "PeerA", agent: ANN, driver: "standin" }];
  history.fold([{ type: "team.formed", team: "t", topology: "solo", repo: "/r", seats }]);
  const card = { type: "rfd.opened", rfd: "r-1", team: "t", kind: "msg", author: ANN, title: "T", tasks: [] } as const;
  history.observe({ ...card, tasks: [] });
  const sign: Command = { do: "sign", rfd: "r-1", decision: "approve" };
  expect(() => history.dispatch(sign, { kind: "agent", agent: BOB })).toThrow(no("sign", BOB));
  expect(() => history.dispatch({ ...sign, rfd: "r-9" }, worker)).toThrow(no("sign", ANN));
  expect(history.dispatch(sign, worker)).toEqual(["rfd.signed"]);
});
