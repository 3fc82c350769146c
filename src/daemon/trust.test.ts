import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { ANN, hireOf } from "../../test/fakes/history.ts";
import { House } from "../../test/fakes/house.ts";
import { trustObstacle } from "./trust.ts";

test("F30 an agent whose folder is gone is not started anywhere else; it starts when the folder is back", async () => {
  const it = new House();
  const cwd = mkdtempSync(`${tmpdir()}/muster-gone-`);
  it.dispatch({ do: "start", hire: hireOf(ANN, { cwd }) });
  const obstacle = async () => {
    const agent = it.state.agents[ANN];
    return agent ? trustObstacle(it.engine, agent, {}) : "nobody";
  };
  expect(await obstacle()).toBeNull();
  rmSync(cwd, { recursive: true });
  const gone = `its folder ${cwd} is gone, moved or deleted; it starts when it is back`;
  expect(await obstacle()).toBe(gone);
  writeFileSync(cwd, "a file");
  expect(await obstacle()).toBe(gone);
  rmSync(cwd);
  await it.end();
});
