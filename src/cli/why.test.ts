import { expect, test } from "bun:test";
import { fakeDaemon, ran } from "../../test/fakes/call.ts";
import { Refusal } from "../core/refusal.ts";
import { emptyState, type Team } from "../core/state.ts";
import type { Why } from "../core/why.ts";
import { command } from "./why.ts";

const ANSWER: Why = {
  ...{ id: "a0000001", kind: "agent", what: "PeerA (a0000001)", state: "idle", because: "its CLI says idle" },
  ...{ rule: "a rule", evidence: ["#3 PeerA: is idle"], change: "look at it" },
  parts: [
    { name: "keepalive", text: "it is due in 3 s" },
    { name: "self-check", text: "1 of 6 handoffs\u001b[2J since the last one" },
  ],
};

/** What was asked of the daemon, and what was printed. */
async function asking(words: string[], answer: unknown = ANSWER) {
  const state = emptyState();
  state.teams.pair = { name: "pair", repo: "/r", seats: [] } as unknown as Team;
  const asked: string[] = [];
  const { client } = fakeDaemon({});
  client.get = async <T>(path: string): Promise<T> => {
    asked.push(path);
    if (answer instanceof Error) throw answer;
    return (path === "/api/state" ? { state } : answer) as T;
  };
  return { asked, ...(await ran(command, { words, client })) };
}

test("muster why shows what else is so below the answer, safe for a terminal", async () => {
  const { out, asked } = await asking(["PeerA"]);
  expect(asked).toEqual(["/api/why/PeerA"]);
  expect(out.split("\n").slice(-3)).toEqual([
    "",
    "  keepalive   it is due in 3 s",
    "  self-check  1 of 6 handoffs\ufffd[2J since the last one",
  ]);
});

test("without more to say the answer ends with what would change it", async () => {
  const { out } = await asking(["PeerA"], { ...ANSWER, parts: [] });
  expect(out.split("\n").at(-1)).toBe("  to change  look at it");
});

test("muster why ID BEAT asks for one beat, muster why foreman for that of the team here", async () => {
  expect((await asking(["PeerA", "Compact"])).asked).toEqual(["/api/why/PeerA?aspect=compact"]);
  expect((await asking(["Foreman"])).asked).toEqual(["/api/state", "/api/why/pair?aspect=foreman"]);
});

test("an id that nothing has is said with what has one; other refusals stay as they are", async () => {
  const missing = await asking(["x"], new Refusal("missing", "no agent x", "other"));
  expect([missing.code, missing.err]).toEqual([
    66,
    "nothing is called x; an agent, job, message, patch or team; muster ledger names them",
  ]);
  const wrong = await asking(
    ["PeerA", "lunch"],
    new Refusal("usage", "a0000001 has no lunch", "a member has keepalive"),
  );
  expect([wrong.code, wrong.err]).toEqual([64, "a0000001 has no lunch; a member has keepalive"]);
});
