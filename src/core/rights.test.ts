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
