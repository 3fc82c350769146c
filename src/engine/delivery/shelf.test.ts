import { beforeEach, expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../../test/fakes/history.ts";
import type { Command } from "../../core/commands.ts";
import { inboxOf } from "./inbox.ts";
import { Shelf } from "./shelf.ts";

let it: History;
let stored: [string, string][];
let recorded: Command[];
let points: string[];
let shelf: Shelf;

beforeEach(() => {
  it = new History();
  it.hire(ANN);
  it.send(ANN, { mid: "m-1" });
  [stored, recorded, points] = [[], [], []];
  shelf = new Shelf({
    record: (command) => recorded.push(command) > 0,
    state: () => it.state,
    body: ({ mid }) => `body of ${mid}`,
    async store({ mid }, text) {
      stored.push([mid, text]);
      return `/inbox/${mid}`;
    },
    faultPoint: (name) => void points.push(name),
  });
});

const fact = { type: "message.stored", mid: "m-1", path: "/inbox/m-1" } as const;

test("a letter is put into its inbox, and that is owed to the log until somebody takes it, once", async () => {
  expect(await shelf.put(it.message("m-1"))).toBe("/inbox/m-1");
  expect([stored, points, recorded]).toEqual([[["m-1", "body of m-1"]], ["letter.stored"], []]);
  expect(shelf.take("m-2")).toEqual([]);
  expect(shelf.take("m-1")).toEqual([fact]);
  expect(shelf.take("m-1")).toEqual([]);
  shelf.settle("m-1");
  expect(recorded).toEqual([]);
});

test("what is owed is written down alone where no other fact follows", async () => {
  await shelf.put(it.message("m-1"));
  shelf.settle("m-1");
  shelf.settle("m-1");
  expect(recorded).toEqual([{ do: "observe", facts: [fact] }]);
});

test("a letter that lies in its inbox is not put there again", async () => {
  it.observe({ type: "message.stored", mid: "m-1", path: "/old" });
  expect(await shelf.put(it.message("m-1"))).toBe("/old");
  expect([stored, shelf.take("m-1")]).toEqual([[], []]);
});

test("P35 what a nudge names is put there and written down, while it is open", async () => {
  await shelf.putCovered("m-1");
  expect([stored.length, recorded]).toEqual([1, [{ do: "observe", facts: [fact] }]]);
  await shelf.putCovered("m-9");
  it.observe({ type: "message.delivered", mid: "m-1", evidence: "receipt" });
  await shelf.putCovered("m-1");
  expect([stored.length, recorded.length]).toEqual([1, 1]);
});

test("only who sits in a team has an inbox in its repository", () => {
  it.fold([
    {
      ...{ type: "team.formed", team: "pair", topology: "solo", repo: "/r" },
      seats: [{ seat: "PeerA", agent: BOB, driver: "standin" }],
    },
    { type: "agent.hired", hire: hireOf(BOB, { team: "pair", seat: "PeerA" }) },
    { type: "agent.hired", hire: hireOf("c0000003", { team: "pair" }) },
    { type: "agent.hired", hire: hireOf("d0000004", { team: "gone", seat: "PeerA" }) },
  ]);
  const of = (id: string) => inboxOf(it.state, it.state.agents[id] as never);
  expect(of(BOB)).toMatch(/^\/r\/.*peerA\/inbox$/);
  expect([of(ANN), of("c0000003"), of("d0000004")]).toEqual(["", "", ""]);
});
