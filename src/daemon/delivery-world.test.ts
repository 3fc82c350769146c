import { expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ANN, hireOf } from "../../test/fakes/history.ts";
import { House } from "../../test/fakes/house.ts";
import { homeAt } from "../client/home.ts";
import { deliveryWorld } from "./delivery-world.ts";
import type { Parts } from "./parts.ts";

test("F30 a letter to a team whose repository is gone is not stored in its place; it is when the repository is back", async () => {
  const root = mkdtempSync(join(tmpdir(), "muster-store-"));
  const repo = join(root, "repo");
  const it = new House();
  try {
    const hires = [hireOf(ANN, { team: "t", seat: "PeerA", cwd: repo })];
    const seats = [{ seat: "PeerA", agent: ANN, driver: "standin" }];
    const letters = [{ mid: "m-1", from: "user", to: ANN, kind: "letter" as const, text: "hello", team: "t" }];
    it.dispatch({ do: "form", team: "t", topology: "solo", repo, seats, hires, letters });
    const world = deliveryWorld({
      home: homeAt(join(root, "home")),
      engine: it.engine,
      log: it.log,
    } as unknown as Parts);
    const store = async () => {
      const message = it.state.messages["m-1"];
      return message ? world.store(message, "hello") : "no message";
    };
    await expect(store()).rejects.toThrow(`${repo} is gone, moved or deleted; put it back, or end its team`);
    expect(existsSync(repo)).toBe(false);
    mkdirSync(join(root, "away"));
    renameSync(join(root, "away"), repo);
    expect(existsSync(await store())).toBe(true);
  } finally {
    rmSync(root, { recursive: true });
    await it.end();
  }
});
