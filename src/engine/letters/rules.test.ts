import { beforeEach, expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../../test/fakes/history.ts";
import type { Fact } from "../../core/facts.ts";
import { membersOf, tell } from "../telling.ts";
import { letterRules } from "./rules.ts";
import { type TipKind, tip } from "./tips.ts";

let it: History;
beforeEach(() => {
  it = new History();
  const seats = [ANN, BOB].map((agent, n) => ({ seat: `Peer${"AB"[n]}`, agent, driver: "standin" }));
  it.fold([
    { type: "team.formed", team: "pair", topology: "pair", repo: "/r", seats },
    ...seats.map(({ seat, agent }) => ({ type: "agent.hired", hire: hireOf(agent, { team: "pair", seat }) }) as const),
  ]);
});

function follows(fact: Fact) {
  it.fold([fact]);
  const event = it.events.at(-1);
  return event ? letterRules.flatMap((rule) => rule(it.state, event)) : [];
}

const refused = (more: object = {}): Fact =>
  ({ type: "letter.refused", team: "pair", seat: "PeerB", file: "to_peer.md", reason: "it is empty", ...more }) as Fact;

test("P28 the author of a file that was refused is told why and where it is", () => {
  expect(follows(refused())).toMatchObject([
    {
      do: "send",
      letter: {
        ...{ from: "system", to: BOB, kind: "system", team: "pair", mid: expect.stringMatching(/^muster-/) },
        text: "Refused: to_peer.md was not delivered: it is empty. It is in rejected/ of your mailbox, with all reasons in reasons.txt.",
      },
    },
  ]);
});

test("P28 a file of nobody's seat, or of a team that is not there, is told to nobody", () => {
  expect([follows(refused({ seat: "PeerC" })), follows(refused({ team: "other" }))]).toEqual([[], []]);
  expect(follows({ type: "turn.started", agent: ANN })).toEqual([]);
});

const letter = (more: object = {}): Fact =>
  ({
    ...{ type: "message.queued", mid: "m-1", from: ANN, to: BOB, kind: "letter", number: 1, size: 1, preview: "x" },
    team: "pair",
    ...more,
  }) as Fact;
const cited = (fact: Fact) =>
  follows(fact).flatMap((command) => (command.do === "observe" ? command.facts : [])) as unknown[];

const body = "Progress(refs=[commit:abc1234,POR.md#goal,cmd:bun test::OK]): it works";

test("P47 what a member's letter cites and can be looked up is a claim, with its author", () => {
  const claim = { type: "evidence.cited", mid: "m-1", team: "pair", author: ANN };
  expect(cited(letter({ body }))).toEqual([
    { ...claim, ref: "commit:abc1234" },
    { ...claim, ref: "cmd:bun test::OK" },
  ]);
  expect(cited(letter({ body: "no reference at all" }))).toEqual([]);
});

test("P47 letters of others, of no team, and what is no letter cite nothing", () => {
  for (const more of [{ from: "user" }, { team: undefined }, { team: "other" }, { kind: "system" }])
    expect(cited(letter({ body, ...more }))).toEqual([]);
});

const ORDER = { mid: "m-9", author: ANN, team: "pair", text: "do it so" } as const;
const teach = (kind: TipKind, at: number) => tip(it.state, { ...ORDER, kind, at });

test("P28 each kind of lesson has its word, and comes once in its time", () => {
  const words = { form: "Form", user: "To the user", encoding: "Encoding", sender: "Sender", held: "Held" } as const;
  for (const [kind, word] of Object.entries(words) as [TipKind, string][]) {
    expect(teach(kind, it.at)).toEqual({
      ...{ mid: "m-9", from: "system", to: ANN, kind: "system", text: `${word}: do it so`, team: "pair" },
    });
    it.send(ANN, { mid: `tip-${kind}`, from: "system", kind: "system", text: `${word}: do it so` });
    const { at } = it.message(`tip-${kind}`);
    expect([teach(kind, at + 600_000 - 1), teach(kind, at + 600_000)?.to]).toEqual([null, ANN]);
  }
});

test("P28 that a file was refused is said again after ten seconds", () => {
  it.send(ANN, { mid: "tip-1", from: "system", kind: "system", text: "Refused: x" });
  const { at } = it.message("tip-1");
  expect([teach("refused", at + 9_999), teach("refused", at + 10_000)?.to]).toEqual([null, ANN]);
});

test("P28 the same words of somebody else, or to somebody else, are no lesson; who is gone gets none", () => {
  it.send(ANN, { mid: "m-1", from: "user", text: "Form: x" });
  it.send(BOB, { mid: "m-2", from: "system", kind: "system", text: "Form: x" });
  it.send(ANN, { mid: "m-3", from: "system", kind: "system", text: "In Form: x" });
  expect(teach("form", it.at)?.to).toBe(ANN);
  expect(tip(it.state, { ...ORDER, author: "c0000003", kind: "form", at: it.at })).toBeNull();
  it.fold([{ type: "agent.dismissed", agent: ANN, reason: "x" }]);
  expect(teach("form", it.at)).toBeNull();
});

test("members of a team are those that still work", () => {
  expect([membersOf(it.state, "pair"), membersOf(it.state, "other")]).toEqual([[ANN, BOB], []]);
  it.fold([{ type: "agent.dismissed", agent: ANN, reason: "x" }]);
  expect(membersOf(it.state, "pair")).toEqual([BOB]);
});

test("the same fact gives the same ids to what is said because of it, each reader another one", () => {
  const event = { at: 1_700_000_000_000, seq: 7 };
  const said = (first?: number) =>
    tell(event, "pair", [ANN, BOB], "x", first).map((command) => (command.do === "send" ? command.letter.mid : ""));
  expect([said(), said(0), new Set([...said(), ...said(2)]).size]).toEqual([said(0), said(), 4] as never);
  expect(tell(event, "pair", [ANN], "x")).toMatchObject([
    { letter: { from: "system", to: ANN, kind: "system", text: "x", team: "pair" } },
  ]);
});
