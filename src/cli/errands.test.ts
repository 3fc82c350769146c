import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fakeDaemon, ran } from "../../test/fakes/call.ts";
import { PairHouse } from "../../test/fakes/pair-house.ts";
import { command as aux } from "./aux.ts";
import { command as evidence } from "./evidence.ts";
import { command as say } from "./say.ts";

let house: PairHouse;
let folder: string;
beforeAll(() => {
  house = new PairHouse();
  folder = realpathSync(mkdtempSync(join(tmpdir(), "muster-cli-")));
  mkdirSync(join(folder, ".git"));
});
afterAll(async () => {
  await house.end();
  rmSync(folder, { recursive: true });
});

const daemon = (answers: Record<string, unknown> = {}) =>
  fakeDaemon({ "/api/state": { state: house.state }, ...answers });

test("muster say hands its line to the team, and prints the answer", async () => {
  const { client, posted } = daemon({
    "/api/teams/pair/console": { lines: ["to PeerA", "x\u001b[2J"], tone: "plain" },
  });
  expect(await ran(say, { words: ["a: hello"], client })).toEqual({ out: "to PeerA\nx\ufffd[2J", err: "", code: 0 });
  expect(posted).toEqual([["/api/teams/pair/console", { line: "a: hello", channel: "cli" }]]);
  expect(JSON.parse((await ran(say, { words: ["/status"], client, isJson: true })).out)).toMatchObject({
    team: "pair",
  });
  const wrong = await ran(say, { words: ["/status"], flags: { team: "other" }, client });
  expect([wrong.code, wrong.err]).toEqual([66, "no team other; teams: pair"]);
});

test("muster aux asks for a person's team; a peer's own is known by its token", async () => {
  const { client, posted } = daemon({ "/api/aux": { team: "pair", lines: ["Aux works on it"] } });
  expect(await ran(aux, { words: ["look"], client })).toEqual({ out: "Aux works on it", err: "", code: 0 });
  await ran(aux, { words: ["look"], client, env: { MUSTER_TOKEN: "t" } });
  await ran(aux, { words: ["look"], client, env: { MUSTER_TOKEN: "t" }, flags: { team: "mine" } });
  expect(posted.map(([, body]) => body)).toEqual([
    { prompt: "look", team: "pair" },
    { prompt: "look", team: undefined },
    { prompt: "look", team: "mine" },
  ]);
});

test("P12 muster evidence reads YAML and JSON, names what is wrong, and ends by the verdict", async () => {
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const card = { title: "Cache", kind: "feature", checks: [{ name: "unit", run: "bun test" }] };
  write("card.json", JSON.stringify(card));
  write("card.yaml", "title: Cache\nkind: feature\nchecks:\n  - name: unit\n    run: bun test\n");
  write("torn.yaml", "title: [\n");
  write("short.yaml", "title: Cache\n");
  const checks = [
    { name: "unit", code: 0, millis: 1200, isAllowed: false },
    { name: "lint", code: 2, millis: 10, isAllowed: true },
    { name: "slow", code: null, millis: 10, isAllowed: false },
  ];
  const verdict = { title: "Cache", kind: "feature", isPassed: false, log: "x.log", checks };
  const { client, posted } = daemon({ "/api/evidence": verdict });
  const call = (name: string, verb = "run") =>
    ran(evidence, { words: [verb, name], cwd: folder, client, env: { PATH: "/p" } });
  for (const name of ["card.json", "card.yaml"]) {
    const { out, code } = await call(name);
    expect([code, out.split("\n").map((one) => one.trim().replace(/ {2,}/g, "  "))]).toEqual([
      1,
      ["Cache: failed", "ok  unit  1.2 s", "rc=2  lint  0.0 s, allowed", "timeout  slow  0.0 s", "x.log"],
    ]);
    expect(posted.at(-1)).toEqual(["/api/evidence", { repo: folder, card, environment: { PATH: "/p" } }]);
  }
  const passed = daemon({ "/api/evidence": { ...verdict, isPassed: true } }).client;
  expect((await ran(evidence, { words: ["run", "card.yaml"], cwd: folder, client: passed })).code).toBe(0);
  expect(await call("none.yaml")).toMatchObject({ code: 66, err: expect.stringContaining("ENOENT; name a card file") });
  expect(await call("torn.yaml")).toMatchObject({ code: 64, err: expect.stringContaining("mend the file") });
  expect(await call("short.yaml")).toMatchObject({ code: 64, err: expect.stringContaining("kind: a text is needed") });
  expect(await call("card.yaml", "list")).toMatchObject({
    code: 64,
    err: "evidence knows no list; muster evidence run CARD",
  });
});
