import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fakeDaemon, ran } from "../../test/fakes/call.ts";
import { ANN, BOB } from "../../test/fakes/history.ts";
import { Book, PATCH } from "../../test/fakes/stats-book.ts";
import { emptyState, type Team } from "../core/state.ts";
import { command } from "./stats.ts";

/** A daemon with one team of which this is known. */
function answering(book: Book, teams: Partial<Team>[] = [{ name: "pair", repo: "/r" }]) {
  const state = emptyState();
  for (const team of teams) state.teams[team.name ?? ""] = { ...team, seats: [] } as unknown as Team;
  return fakeDaemon({ "/api/state": { state }, "/api/teams/pair/stats": book.stats }).client;
}

test("muster stats says what nobody reports is unknown, and what is estimated", async () => {
  const { out, code } = await ran(command, { words: [], client: answering(new Book()) });
  expect(code).toBe(0);
  expect(out.split("\n").map((one) => one.trim().replace(/ {2,}/g, "  "))).toEqual([
    "pair works for 0s",
    "",
    "LETTERS  COUNT  BYTES  ~TOKENS",
    "you  0  0  0",
    "between peers  0  0  0",
    "Muster  0  0  0",
    "nudges  0  0  0",
    "coordination ~0 tokens, work ~0",
    "",
    "TURNS  COUNT  TIME",
    "work  0  0s",
    "coordination  0  0s",
    "no turn has ended yet",
    "",
    "cost  unknown - PeerA unknown - PeerB unknown - per commit unknown",
    "waited for you  at dialogs 0s - for decisions 0s - paused 0s",
    "handoffs  0 - none held",
    "deliveries  0 repeated - 0 uncertain - 0 dead",
    "patches  0 committed - 0 refused - 0 in all",
    "evidence  0 verified - 0 claimed - 0 refuted",
    "",
    "Tokens are bytes / 4, an estimate; costs are what the CLIs report (docs/stats.md).",
  ]);
});

test("muster stats names whose cost is missing, the holds by rule and the share of coordination", async () => {
  const book = new Book();
  book.letter("p", ANN, BOB, "letter", { size: 12_345 });
  book.turn(BOB, 30, "p");
  book.turn(ANN, 90);
  book.add(
    { type: "usage.measured", agent: ANN, contextTokens: 1, cost: 1.5 },
    { type: "message.held", mid: "p", rule: "cooldown", reason: "" },
    { type: "patch.received", ...PATCH, author: ANN },
    { type: "team.stopped", team: "pair", reason: "" },
  );
  const { out } = await ran(command, { words: ["pair"], client: answering(book) });
  expect(out).toContain("pair worked for 2m 0s");
  expect(out).toContain("12,345");
  expect(out).toContain("coordination ~3,087 tokens, work ~0");
  expect(out).toContain("25 % of the time went into coordination");
  expect(out).toContain("$1.50 without PeerB - PeerA $1.50 - PeerB unknown - per commit unknown");
  expect(out).toContain("held: cooldown 1");
  const json = await ran(command, { words: ["pair"], client: answering(book), isJson: true });
  expect(JSON.parse(json.out)).toMatchObject({ team: "pair", costPerCommit: null, turns: { coordination: 1 } });
});

test("muster stats of a team that is not there names those that run", async () => {
  const { code, err } = await ran(command, { words: ["other"], client: answering(new Book()) });
  expect([code, err]).toEqual([66, "no team other; teams: pair"]);
});

test("where no team runs, muster stats means the last one of the repository", async () => {
  const repo = realpathSync(mkdtempSync(join(tmpdir(), "muster-stats-")));
  mkdirSync(join(repo, ".git"));
  const ended = [
    { name: "old", repo, formedAt: 1, stopped: "" },
    { name: "pair", repo, formedAt: 2, stopped: "" },
    { name: "far", repo: "/r", formedAt: 3, stopped: "" },
  ];
  const client = answering(new Book(), ended);
  expect((await ran(command, { words: [], client, cwd: repo })).out).toContain("pair works");
  const elsewhere = await ran(command, { words: [], client, cwd: "/" });
  expect([elsewhere.code, elsewhere.err]).toEqual([66, "no team runs; muster run starts one"]);
  rmSync(repo, { recursive: true });
});
