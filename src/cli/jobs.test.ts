import { expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../test/fakes/history.ts";
import { agentRow } from "../core/job-row.ts";
import { jobTable } from "./jobs.ts";

test("P18 full access is named in the table of agents, other levels are not", () => {
  const it = new History();
  it.dispatch({ do: "start", hire: hireOf(ANN, { permission: "danger-full-access" }) });
  it.dispatch({ do: "start", hire: hireOf(BOB, { permission: "read-only" }) });
  const rows = [ANN, BOB].flatMap((id) => it.state.agents[id] ?? []).map((agent) => agentRow(it.state, agent));
  const [, first, second] = jobTable(rows, it.at).split("\n");
  expect(first).toContain("standin full access");
  expect(second).toMatch(/standin(?! full)/);
});

test("A7 an agent stands below the one it belongs to; one whose parent is not shown stands by itself", () => {
  const it = new History();
  const [child, grandchild] = ["c0000003", "d0000004"];
  it.hire(child, { parent: ANN });
  it.hire(ANN);
  it.hire(BOB);
  it.hire(grandchild, { parent: child, effort: "low" });
  const table = (...ids: string[]) =>
    jobTable(
      ids.flatMap((id) => it.state.agents[id] ?? []).map((agent) => agentRow(it.state, agent)),
      it.at,
    )
      .split("\n")
      .slice(1)
      .map((line) => line.slice(0, 14).trimEnd());
  expect(table(child, ANN, BOB, grandchild)).toEqual(
    [ANN, `└ ${child}`, `  └ ${grandchild}`, BOB].map((id) => expect.stringMatching(new RegExp(`^${id}`))),
  );
  expect(table(child)).toEqual([expect.stringMatching(new RegExp(`^${child}`))]);
});
