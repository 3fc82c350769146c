import { beforeEach, expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../../test/fakes/history.ts";
import type { Fact } from "../facts.ts";
import { type ChatItem, gathered, itemOf, replyItem } from "./items.ts";

let it: History;
beforeEach(() => {
  it = new History();
  const seats = [ANN, BOB].map((agent, n) => ({ seat: n === 0 ? "PeerA" : "PeerB", agent, driver: "standin" }));
  const hires = seats.map(({ seat, agent }) => hireOf(agent, { team: "pair", seat }));
  it.dispatch({ do: "form", team: "pair", topology: "pair", repo: "/r", seats, hires, letters: [] });
});

function said(fact: Fact, text = ""): ChatItem | undefined {
  const [event] = it.fold([fact]);
  const team = it.state.teams.pair;
  if (!event || !team) throw new Error("no team");
  return itemOf(event, { state: it.state, team, body: () => text });
}
const queued = (from: string, to: string, kind: "letter" | "system" | "prompt" = "letter", team = "pair"): Fact => ({
  ...{ type: "message.queued", mid: `m-${it.at}`, from, to, kind, number: 0, size: 1, preview: "p", team, body: "" },
});

test("P89 a letter to the user is news with its sender; the System's own mark stays alone", () => {
  expect(said(queued(ANN, "user"), "<TO_USER>\nDone.\n</TO_USER>\n```insight\nwho: PeerA\n```")).toMatchObject({
    ...{ lane: "news", text: "[PeerA] Done.", seq: it.state.seq, at: it.at - 1 },
  });
  expect(said(queued(ANN, "user"), "<TO_USER>Done.</TO_USER>")?.text).toBe("[PeerA] Done.");
  expect(said(queued("system", "user", "system"), "P-0001 is commit x")?.text).toBe("[Muster] P-0001 is commit x");
  expect(said(queued("system", "user", "system"), "[FOREMAN→PeerA] go on")?.text).toBe("[FOREMAN→PeerA] go on");
  expect(said(queued(ANN, "user"), "[x] done")?.text).toBe("[PeerA] [x] done");
});

test("P50 what asks for a decision in words is left to its card", () => {
  expect(said(queued("system", "user", "system"), "RFD x\n/rfd x approve, reject or ask")).toBeUndefined();
  expect(said(queued(ANN, "user"), "so\n/rfd x approve, reject or ask")).toBeDefined();
});

test("P89 what peers write is talk in one line; prompts and the user's own letters are nothing", () => {
  expect(said(queued(ANN, BOB), "<TO_PEER>\nCLAIM: one\ntwo\n</TO_PEER>")).toMatchObject({
    ...{ lane: "talk", text: "[PeerA→PeerB] CLAIM: one two" },
  });
  expect(said(queued("user", ANN), "hi")).toBeUndefined();
  expect(said(queued("system", ANN, "system"), "hi")).toBeUndefined();
  expect(said(queued(ANN, BOB, "system"), "hi")).toBeUndefined();
  expect(said(queued(ANN, "user", "letter", "other"), "hi")).toBeUndefined();
});

test("P50 a card names its patch and tasks; its end says who decided, when and where", () => {
  const rfd = { rfd: "rfd-1", team: "pair", kind: "prot", author: ANN, title: "T", tasks: ["one"] } as const;
  const card = said({ type: "rfd.opened", ...rfd, tasks: ["one"], patch: "P-0001" });
  expect(card?.text).toBe("A decision is asked for: rfd-1\nT\n- one\nIt is about patch P-0001.");
  expect([card?.card, card?.isChange, card?.buttons?.length]).toEqual(["rfd-1", undefined, 3]);
  const decided = said({ type: "rfd.decided", rfd: "rfd-1", decision: "approve", decider: ANN });
  expect(decided?.text).toBe("rfd-1: T\napproved by PeerA at 2023-11-14 22:13 UTC");
  expect([decided?.card, decided?.isChange]).toEqual(["rfd-1", true]);
  expect(said({ type: "rfd.decided", rfd: "rfd-1", decision: "expired", decider: "system" })?.text).toBe(
    "rfd-1: T\nexpired undecided at 2023-11-14 22:13 UTC",
  );
});

test("P88 an answer is for its own chat alone; talk is gathered under its last number", () => {
  const place = { repo: "/r", platform: "telegram", chat: "7" } as const;
  const [event] = it.fold([{ type: "bridge.replied", ...place, message: "m", body: "b" }]);
  if (!event) throw new Error("no event");
  const body = () => "the answer";
  expect(replyItem(event, place, body)).toMatchObject({ lane: "reply", text: "the answer" });
  for (const other of [{ chat: "8" }, { repo: "/o" }, { platform: "slack" as const }])
    expect(replyItem(event, { ...place, ...other }, body)).toBeUndefined();
  const items = [3, 5].map((seq): ChatItem => ({ seq, at: seq * 10, lane: "talk", text: `t${seq}` }));
  expect(gathered(items)).toEqual({ seq: 5, at: 50, lane: "talk", text: "t3\nt5" });
  expect(gathered([])).toBeUndefined();
});
