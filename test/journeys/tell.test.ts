import { Database } from "bun:sqlite";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Client, openClient } from "../../src/client/client.ts";
import { agentToken } from "../../src/server/tokens.ts";
import { Seeded } from "../simulation/random.ts";
import { muster } from "./look.ts";
import { until, World } from "./world.ts";

/** Of each of the two peers. */
const LETTERS = 500;
const world = new World();
const repo = join(world.folder, "repo");
/** Kills and commands come one after the other: a command starts a daemon of its own while none runs. */
let turn: Promise<void> = Promise.resolve();
function inTurn(work: () => Promise<void>): Promise<void> {
  turn = turn.then(work);
  return turn;
}

beforeAll(async () => {
  mkdirSync(repo);
  await world.boot();
});
afterAll(() => world.end());

/** What an agent's own program speaks with. */
const tokenOf = (agent: string): string => agentToken(readFileSync(world.home.token, "utf8").trim(), agent);

/** The request of `muster tell`, with an id of its own, again until it was stored. */
const post = (client: Client, text: string, mid: string) =>
  until(`letter ${mid} is stored`, () =>
    client.post("/api/messages", { to: "peer", text, mid }).then(
      () => true,
      () => false,
    ),
  );

/** The command itself. */
async function tell(agent: string, text: string): Promise<void> {
  const told = await muster({ world, env: { MUSTER_TOKEN: tokenOf(agent) } }, "tell", "peer", text);
  expect([told.code, told.err]).toEqual([0, ""]);
}

/** Sends all letters of one peer at random gaps of 0-50 ms; gives their texts. */
async function write(agent: string, seed: number, between: (n: number) => void): Promise<string[]> {
  const client = openClient({ socket: world.home.socket, token: tokenOf(agent) });
  const random = new Seeded(seed);
  const texts: string[] = [];
  for (let n = 0; n < LETTERS; n += 1) {
    const text = `letter ${n} ${"x".repeat(random.upTo(2000))} end`;
    texts.push(text);
    between(n);
    if (n % 50 === 25) await inTurn(() => tell(agent, text));
    else await post(client, text, `muster-${seed}-${n.toString(16).padStart(6, "0")}`);
    await new Promise((done) => setTimeout(done, random.upTo(51)));
  }
  return texts;
}

/** Texts of all letters of an agent, in the order of the log, from the log's own file. */
function stored(agent: string): string[] {
  const log = new Database(world.home.ledger, { readonly: true });
  try {
    const rows = log.query("SELECT body, fact FROM events WHERE type = 'message.queued' ORDER BY seq").all();
    const letters = (rows as { body: string; fact: string }[]).filter(({ fact }) => JSON.parse(fact).from === agent);
    return letters.map(({ body }) => body);
  } finally {
    log.close();
  }
}

test("letters (fault 1): 1,000 by `muster tell` at random gaps, the daemon killed in between, arrive complete, in order, once", async () => {
  const seat = { driver: "standin" };
  const { team } = await world.client.post<{ team: string }>("/api/teams", { repo, peerA: seat, peerB: seat });
  const agents = ((await world.state()).teams[team]?.seats ?? []).map(({ agent }) => agent);
  const killAgain = async () => {
    await world.kill();
    await world.boot();
  };
  const killAt = (n: number) => void ((n === 150 || n === 350) && inTurn(killAgain));
  const texts = await Promise.all(agents.map((agent, at) => write(agent, 7 + at, at === 0 ? killAt : () => {})));
  await turn;
  const found = agents.map(stored);
  expect(found.map(({ length }) => length)).toEqual([LETTERS, LETTERS]);
  expect(found).toEqual(texts);
}, 90_000);
