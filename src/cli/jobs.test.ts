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
