import { beforeEach, expect, test } from "bun:test";
import { History } from "../../../test/fakes/history.ts";
import { sentence } from "../sentence.ts";
import { CHAT_KEPT, type Chat, chatKey, codeFor, isRight, rightsUpTo } from "./bridges-state.ts";
import type { BridgeFact, ChatPlace } from "./facts.ts";

const PLACE: ChatPlace = { repo: "/r", platform: "telegram", chat: "7" };
let it: History;
const chat = (): Chat | undefined => it.state.bridges.chats[chatKey(PLACE)];
const coded = (more: object = {}) => {
  const wish = { type: "bridge.coded", repo: "/r", hash: "h", right: "operate", until: it.at + 1000, ...more } as const;
  return it.dispatch({ do: "wish", wish });
};
const subscribed = (more: object = {}): BridgeFact =>
  ({
    type: "bridge.subscribed",
    ...PLACE,
    hash: "h",
    right: "operate",
    sender: "mia",
    after: 5,
    ...more,
  }) as BridgeFact;
const see = (fact: BridgeFact): string[] => it.observe(fact as never);

beforeEach(() => {
  it = new History();
});

test("P86 rights imply the lower ones", () => {
  expect(rightsUpTo("read")).toEqual(["read"]);
  expect(rightsUpTo("operate")).toEqual(["read", "talk", "operate"]);
  expect(rightsUpTo("approve")).toEqual(["read", "talk", "operate", "approve"]);
  expect([isRight("talk"), isRight("all")]).toEqual([true, false]);
});

test("P86 nobody is let in without an open code, for more than it says, or twice by the same", () => {
  expect(see(subscribed())).toEqual([]);
  coded();
  for (const wrong of [{ hash: "g" }, { right: "approve" }, { repo: "/other" }])
    expect(see(subscribed(wrong))).toEqual([]);
  expect(see(subscribed())).toEqual(["bridge.subscribed"]);
  expect(see(subscribed({ chat: "8" }))).toEqual([]);
  expect(chat()).toMatchObject({ right: "operate", cursors: { reply: 5, news: 5, talk: 5 } });
});

test("P86 after five wrong codes, elsewhere, or too late a code is none", () => {
  coded({ platform: "slack" });
  const now = it.at;
  const found = (place: ChatPlace, at: number, hash = "h") => codeFor(it.state.bridges, place, hash, at)?.right;
  expect(see(subscribed())).toEqual([]);
  expect([found(PLACE, now), found({ ...PLACE, platform: "slack" }, now)]).toEqual([undefined, "operate"]);
  coded();
  const { until } = it.state.bridges.codes["/r"] ?? { until: 0 };
  expect([found(PLACE, until - 1), found(PLACE, until), found(PLACE, now, "g")]).toEqual([
    "operate",
    undefined,
    undefined,
  ]);
  for (let n = 0; n < 5; n++) {
    expect([n, found(PLACE, now)]).toEqual([n, "operate"]);
    see({ type: "bridge.denied", ...PLACE, sender: "x", reason: "code" });
  }
  see({ type: "bridge.denied", ...PLACE, sender: "x", reason: "it is not subscribed" });
  expect([found(PLACE, now), see(subscribed())]).toEqual([undefined, []]);
});

test("P86 only a person makes codes; the same wish twice is one", () => {
  const wish = { type: "bridge.wanted", repo: "/r", platform: "slack", isOn: true } as const;
  expect(it.dispatch({ do: "wish", wish })).toEqual(["bridge.wanted"]);
  expect(it.dispatch({ do: "wish", wish })).toEqual([]);
  expect(() => it.dispatch({ do: "wish", wish }, { kind: "agent", agent: "a0000001" })).toThrow("may not wish");
  expect(() => it.dispatch({ do: "wish", wish: { ...wish, repo: "r" } })).toThrow("r is no repository");
});

test("P86 a chat that subscribes again keeps its place and gets the new right", () => {
  coded();
  see(subscribed());
  coded({ hash: "k", right: "read" });
  see(subscribed({ hash: "k", right: "read", after: 99 }));
  expect(chat()).toMatchObject({ right: "read", cursors: { news: 5 } });
  expect(see({ type: "bridge.unsubscribed", ...PLACE, sender: "mia", reason: "r" })).toHaveLength(1);
  expect([chat(), see({ type: "bridge.unsubscribed", ...PLACE, sender: "mia", reason: "r" })]).toEqual([undefined, []]);
});

test("P89 what was told stays told: parts in turn, each once, and the place only moves on", () => {
  coded();
  see(subscribed());
  const sent = (item: number, part = 0, parts = 1, more: object = {}) =>
    see({ type: "bridge.sent", ...PLACE, lane: "news", item, part, parts, id: "1", ...more } as BridgeFact).length;
  expect([sent(5), sent(6, 1, 3), sent(6, 0, 3), sent(6, 0, 3), sent(6, 2, 3), sent(6, 1, 3)]).toEqual([
    0, 0, 1, 0, 0, 1,
  ]);
  expect(chat()).toMatchObject({ cursors: { news: 5 }, partial: { news: { item: 6, next: 2 } } });
  expect([sent(6, 2, 3), sent(6, 2, 3)]).toEqual([1, 0]);
  expect(chat()).toMatchObject({ cursors: { reply: 5, news: 6, talk: 5 }, partial: {} });
  expect(sent(8, 0, 2)).toBe(1);
  expect(sent(9, 0, 1, { card: "rfd-1", id: "44" })).toBe(1);
  expect([chat()?.cards["rfd-1"], chat()?.cursors.news]).toEqual(["44", 9]);
  const unsent = (item: number) => see({ type: "bridge.unsent", ...PLACE, lane: "talk", item, reason: "r" }).length;
  expect([unsent(7), unsent(7), unsent(6), chat()?.cursors.talk]).toEqual([1, 0, 0, 7]);
});

test("P50 only the newest cards are remembered, by which a decision changes its card", () => {
  coded();
  see(subscribed());
  const sent = (card: string, item: number) =>
    see({ type: "bridge.sent", ...PLACE, lane: "news", item, part: 0, parts: 1, id: "1", card } as BridgeFact);
  for (let n = 0; n < CHAT_KEPT + 2; n++) sent(`rfd-${n}`, 6 + n);
  const kept = Object.keys(chat()?.cards ?? {});
  expect([kept.length, kept[0], kept.at(-1)]).toEqual([CHAT_KEPT, "rfd-2", `rfd-${CHAT_KEPT + 1}`]);
});

test("P87 a remote action is taken in once and answered once; only the newest are remembered", () => {
  coded();
  see(subscribed());
  const received = (message: string) =>
    see({ type: "bridge.received", ...PLACE, message, sender: "mia", preview: "p" });
  const replied = (message: string) => see({ type: "bridge.replied", ...PLACE, message, body: "b" });
  expect(
    [received("tg-1"), received("tg-1"), replied("tg-2"), replied("tg-1"), replied("tg-1")].map((one) => one.length),
  ).toEqual([...[1, 0, 0, 1, 0]]);
  for (let n = 0; n < CHAT_KEPT; n++) received(`tg-x${n}`);
  expect([Object.keys(chat()?.received ?? {}).length, received("tg-1").length]).toEqual([CHAT_KEPT, 1]);
});

test("P92 a file that is there is not written down again; bridges start and stop once", () => {
  coded();
  see(subscribed());
  const uploaded = () => see({ type: "bridge.uploaded", ...PLACE, file: "a", sha256: "s", id: "1" }).length;
  expect([uploaded(), uploaded(), chat()?.uploads]).toEqual([1, 0, ["s a"]]);
  const place = { repo: "/r", platform: "telegram" } as const;
  const started = () => see({ type: "bridge.started", ...place, token: "t" }).length;
  const stopped = () => see({ type: "bridge.stopped", ...place, reason: "r" }).length;
  expect([stopped(), started(), started(), stopped(), stopped(), started()]).toEqual([0, 1, 0, 1, 0, 1]);
});

test("P85 WeCom is let in by its address alone, and may only read", () => {
  const wecom = { platform: "wecom", chat: "webhook", hash: "", right: "read" };
  expect(see(subscribed({ ...wecom, right: "operate" }))).toEqual([]);
  expect([see(subscribed(wecom)).length, see(subscribed(wecom)).length]).toEqual([1, 0]);
});

test("P86 the ledger says who did what from where", () => {
  coded();
  const [event] = it.fold([subscribed() as never]);
  const said = (fact: BridgeFact) => {
    const [one] = it.fold([fact]);
    const { tone, who, text } = sentence(one as never, it.state);
    return `${tone} ${who}: ${text}`;
  };
  expect(sentence(event as never, it.state)).toEqual({
    ...{ tone: "warn", who: "telegram 7", text: "mia subscribed it, with right operate" },
  });
  expect(said({ type: "bridge.received", ...PLACE, message: "m", sender: "mia", preview: "/pause" })).toBe(
    "plain telegram 7: mia: /pause",
  );
  expect(said({ type: "bridge.denied", ...PLACE, sender: "bob", reason: "code" })).toBe(
    "warn telegram 7: bob was denied: code",
  );
  const sent = { type: "bridge.sent", ...PLACE, lane: "news", item: 4, id: "1" } as const;
  expect(said({ ...sent, part: 0, parts: 1 })).toBe("quiet telegram 7: told what 4 says");
  expect(said({ ...sent, part: 1, parts: 3 })).toBe("quiet telegram 7: told what 4 says, part 2 of 3");
  const wanted = { type: "bridge.wanted", repo: "/r", platform: "slack" } as const;
  expect([said({ ...wanted, isOn: true }), said({ ...wanted, isOn: false })]).toEqual([
    ...["plain slack: is to run", "plain slack: is to stop"],
  ]);
  expect(said({ type: "bridge.unuploaded", repo: "/r", file: "a", sha256: "s", reason: "r" })).toBe(
    "warn bridges: a was not sent: r",
  );
});

test("P9 every fact of a chat has its line", () => {
  const lines: [BridgeFact, string][] = [
    [{ type: "bridge.started", repo: "/r", platform: "slack", token: "t" }, "plain slack: started"],
    [{ type: "bridge.stopped", repo: "/r", platform: "slack", reason: "r" }, "plain slack: stopped: r"],
    [{ type: "bridge.unsubscribed", ...PLACE, sender: "mia", reason: "r" }, "plain telegram 7: unsubscribed: r"],
    [{ type: "bridge.replied", ...PLACE, message: "m", body: "b" }, "quiet telegram 7: m was answered"],
    [
      { type: "bridge.filed", ...PLACE, message: "m", file: "a", sha256: "s", size: 5, mime: "x" },
      "plain telegram 7: file a, 5 bytes",
    ],
    [
      { type: "bridge.unsent", ...PLACE, lane: "news", item: 4, reason: "r" },
      "warn telegram 7: not told what 4 says: r",
    ],
    [{ type: "bridge.uploaded", ...PLACE, file: "a", sha256: "s", id: "1" }, "plain telegram 7: file a was sent"],
    [
      { type: "bridge.coded", repo: "/r", hash: "h", right: "talk", until: 1 },
      "plain bridges: a pairing code for right talk was made",
    ],
  ];
  for (const [fact, line] of lines) {
    const [event] = it.fold([fact]);
    const { tone, who, text } = sentence(event as never, it.state);
    expect(`${tone} ${who}: ${text}`).toBe(line);
  }
});
