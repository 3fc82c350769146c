import { afterEach, expect, test } from "bun:test";
import { ANN, hireOf } from "../../../test/fakes/history.ts";
import { House } from "../../../test/fakes/house.ts";
import type { StatusChange } from "../../core/boards/moves.ts";
import type { BoardFolder, BoardLook } from "../../core/boards/port.ts";
import type { Reactor } from "../reactor.ts";
import { Proofs } from "./proofs.ts";
import { BoardReactor } from "./reactor.ts";

let house: House;
afterEach(() => house.end());

/** Board files in memory: plans of two steps, by path. */
class Files implements BoardFolder {
  looks = 0;
  /** How often a plan's value was asked for. */
  reads = 0;
  scope = "";
  readonly plans = new Map<string, { status: string; steps: { id: string; name: string; status: string }[] }>();
  /** Called with each path before it is written. */
  guard = (_path: string): void => {};
  onLook = (): number | undefined => undefined;

  add(number: number): string {
    const path = `docs/por/T00${number}-x/task.yaml`;
    const steps = ["S1", "S2"].map((id) => ({ id, name: id, status: "pending" }));
    this.plans.set(path, { status: "planned", steps });
    return path;
  }

  async look(): Promise<BoardLook> {
    this.looks += 1;
    const plans = [...this.plans].map(([path, plan]) => {
      const number = Number(/T(\d+)/.exec(path)?.[1]);
      const value = { id: `T00${number}`, name: "n", ...structuredClone(plan) };
      const count = () => {
        this.reads += 1;
        return value;
      };
      const document = {
        get value() {
          return count();
        },
        place: () => "1:1",
      };
      return { number, path, text: "", updatedAt: 1, document };
    });
    const again = this.onLook();
    const version = JSON.stringify([...this.plans, this.scope]);
    const scope =
      this.scope === "" ? null : { value: { original: this.ids("original"), current: this.ids("current") } };
    return { ...{ por: null, sheets: [], broken: [], folders: [], unsettled: [] }, plans, scope, version, again };
  }

  private ids(key: string): string[] {
    return new RegExp(`${key}: \\[(.*)\\]`).exec(this.scope)?.[1]?.split(", ") ?? [];
  }

  async setStatuses(path: string, changes: StatusChange[]): Promise<void> {
    this.guard(path);
    const plan = this.plans.get(path);
    for (const change of changes) {
      const target = "step" in change ? plan?.steps.find(({ id }) => id === change.step) : plan;
      if (target) target.status = change.status;
    }
  }

  async writeScope(text: string): Promise<void> {
    this.guard("scope");
    this.scope = text;
  }

  watch(): void {}
  create = async () => false;
  replace = async () => false;
}

/** A solo team with these files, its reactor running. */
async function run(files: Files): Promise<void> {
  house = new House();
  const seats = [{ seat: "PeerA", agent: ANN, driver: "standin" }];
  house.dispatch({
    ...{ do: "form", team: "t", topology: "solo", repo: "/r", letters: [], seats },
    hires: [hireOf(ANN, { team: "t", seat: "PeerA" })],
  });
  const state = () => house.state;
  const judge = async () => ({ verdict: "refuted", detail: "" }) as const;
  const reactor = new BoardReactor({
    clock: house.clock,
    state,
    boards: () => files,
    proofs: new Proofs({ state, judge }),
  });
  house.run(reactor as unknown as Reactor<never>);
  await house.settle();
}

const begin = (...tasks: string[]) =>
  tasks.forEach((task, n) => {
    const text = `progress: ${task} start`;
    house.observe({ type: "task.marked", team: "t", author: ANN, letter: "m", n, text, task, action: "start" });
  });
const errors = () => Object.values(house.state.boards.t?.errors ?? {});

test("boards that rest are not examined again and again; whatever they depend on wakes them", async () => {
  const files = new Files();
  files.add(1);
  await run(files);
  for (let n = 0; n < 3; n += 1) await house.clock.pass(5000);
  const read = files.reads;
  for (let n = 0; n < 3; n += 1) await house.clock.pass(5000);
  expect([files.reads, files.looks > 6]).toEqual([read, true]);
  begin("T001");
  await house.settle();
  expect(task("T001")?.status).toBe("active");
  files.add(2);
  await house.clock.pass(5000);
  expect(task("T002")?.status).toBe("planned");
});

const task = (id: string) => house.state.boards.t?.tasks[id];

test("a plan that cannot be written is said once, keeps its marker, and stops no other", async () => {
  const files = new Files();
  files.add(1);
  files.add(2);
  let isFull = true;
  files.guard = (path) => {
    if (isFull && path.includes("T001")) throw new Error("disk full");
  };
  await run(files);
  begin("T001", "T002");
  await house.settle();
  await house.clock.pass(5000);
  expect(errors()).toEqual(["docs/por/T001-x/task.yaml: it cannot be written: disk full"]);
  expect([task("T001")?.status, task("T002")?.status]).toEqual(["planned", "active"]);
  expect(house.state.boards.t?.markers.map((marker) => marker.task)).toEqual(["T001"]);
  expect(house.facts("board.broken")).toHaveLength(1);
  expect(house.facts("board.mended")).toEqual([]);
  isFull = false;
  await house.clock.pass(5000);
  expect([task("T001")?.status, errors()]).toEqual(["active", []]);
});

test("a scope that cannot be written is said, and is no fact", async () => {
  const files = new Files();
  files.add(1);
  files.guard = () => {
    throw "read-only";
  };
  await run(files);
  expect(errors()).toEqual(["docs/por/scope.yaml: it cannot be written: read-only"]);
  expect([house.facts("scope.changed"), house.state.boards.t?.scope]).toEqual([[], undefined]);
});

test("whoever edits status fields over and over is answered every ten seconds; a marker is written all the same", async () => {
  const files = new Files();
  const path = files.add(1);
  const edit = async (ms: number) => {
    const plan = files.plans.get(path);
    if (plan) plan.status = "complete";
    await house.clock.pass(ms);
    return files.plans.get(path)?.status;
  };
  await run(files);
  expect(await edit(5000)).toBe("planned");
  expect(await edit(5000)).toBe("complete");
  expect(house.facts("task.restored")).toHaveLength(1);
  begin("T001");
  await house.settle();
  expect([files.plans.get(path)?.status, task("T001")?.status]).toEqual(["active", "active"]);
  expect(house.facts("task.restored")).toHaveLength(1);
  expect(await edit(5000)).toBe("active");
  expect(house.facts("task.restored")).toHaveLength(2);
});

test("a marker that comes during a look waits for the next one: its file may not have been seen", async () => {
  const files = new Files();
  files.onLook = () => {
    if (files.looks === 1) begin("T001");
    files.add(1);
    files.onLook = () => undefined;
    return undefined;
  };
  await run(files);
  expect(house.facts("task.refused")).toEqual([]);
  expect(task("T001")?.status).toBe("active");
});

test("boards are looked at every five seconds, sooner while something changes, and not after the team", async () => {
  const files = new Files();
  await run(files);
  const first = files.looks;
  await house.clock.pass(4999);
  expect(files.looks).toBe(first);
  files.onLook = () => 300;
  await house.clock.pass(1);
  expect(files.looks).toBe(first + 1);
  files.onLook = () => 9000;
  await house.clock.pass(300);
  expect(files.looks).toBe(first + 2);
  await house.clock.pass(5000);
  expect(files.looks).toBe(first + 3);
  house.dispatch({ do: "stop", team: "t", reason: "enough" });
  await house.settle();
  const last = files.looks;
  await house.clock.pass(10_000);
  expect(files.looks).toBe(last);
});
