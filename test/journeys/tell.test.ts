import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openClient } from "../../src/client/client.ts";
import type { Event } from "../../src/core/facts.ts";
import { agentToken } from "../../src/server/tokens.ts";
import { Seeded } from "../simulation/random.ts";
import { until, World } from "./world.ts";

const LETTERS = 1000;
/** What is held of a flood is S39's; here all of it is to be stored. */
const FLOOD = { MUSTER_LETTERS_PER_MINUTE: "1000000" };
const world = new World();
const repo = join(world.folder, "repo");

beforeAll(async () => {
  mkdirSync(repo);
  await world.boot(FLOOD);
});
afterAll(() => world.end());

const sha = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

test("letters: 1,000 by `muster tell` at random gaps, the daemon killed in between, arrive complete, in order, once", async () => {
  const seat = { driver: "standin" };
  const { team } = await world.client.post<{ team: string }>("/api/teams", { repo, peerA: seat, peerB: seat });
  const [peerA] = (await world.state()).teams[team]?.seats ?? [];
  const author = peerA?.agent ?? "";
  const secret = readFileSync(world.home.token, "utf8").trim();
  const client = openClient({ socket: world.home.socket, token: agentToken(secret, author) });
  const random = new Seeded(7);
  const sent: string[] = [];
  let rebooting: Promise<void> | undefined;
  for (let n = 0; n < LETTERS; n += 1) {
    const text = `letter ${n} ${"x".repeat(random.upTo(2000))} end`;
    const mid = `muster-7-${n.toString(16).padStart(6, "0")}`;
    sent.push(sha(text));
    if (n === 300 || n === 700) {
      await world.kill();
      rebooting = world.boot(FLOOD);
    }
    // As `muster tell` does: the same id until it was stored.
    await until(`letter ${n} is stored`, () =>
      client.post("/api/messages", { to: "peer", text, mid }).then(
        () => true,
        () => false,
      ),
    );
    await new Promise((done) => setTimeout(done, random.upTo(12)));
  }
  await rebooting;
  const found: string[] = [];
  for (let after = 0; ; ) {
    const { facts } = await world.client.get<{ facts: Event[] }>(`/api/ledger?after=${after}&limit=1000`);
    for (const fact of facts) if (fact.type === "message.queued" && fact.from === author) found.push(fact.mid);
    const last = facts.at(-1);
    if (!last) break;
    after = last.seq;
  }
  expect(found.length).toBe(LETTERS);
  expect(found).toEqual([...found].sort());
  const bodies = await Promise.all(
    found.slice(-200).map(async (mid) => (await world.client.get<{ body: string }>(`/api/messages/${mid}`)).body),
  );
  expect(bodies.map(sha)).toEqual(sent.slice(-200));
}, 60_000);
