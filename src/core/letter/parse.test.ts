import { expect, test } from "bun:test";
import { isCheckable, parseLetter } from "./parse.ts";

const DIFF = "--- a/src/a.txt\n+++ b/src/a.txt\n@@ -1 +1 @@\n-one\n+two\n";

const LETTER = `<TO_PEER>
Item(core): parser
- Progress(tag=impl): half of it
Evidence(refs=[commit:abc123,cmd:bun test::OK,log:.muster/work/x.log#L10-22]): 3 lines
Ask(to=peerB, action=review, prio=high): look at it
Outcome: not an event
<SYSTEM_NOTES>ack: muster-1700000000-00beef</SYSTEM_NOTES>
nack: muster-1700000000-00dead not mine
</TO_PEER>
\`\`\`insight
who: PeerA
kind: evidence
next: wait
refs: [POR.md#goal, commit:abc123]
\`\`\`
`;

test("3.13 event lines, the insight fence, acknowledgements and references are read", () => {
  const letter = parseLetter(LETTER);
  expect(letter).toMatchObject({
    hasTag: true,
    insight: { who: "PeerA", kind: "evidence", next: "wait" },
    patches: [],
  });
  expect(letter.events.map(({ kind, text }) => [kind, text])).toEqual([
    ["Item", "parser"],
    ["Progress", "half of it"],
    ["Evidence", "3 lines"],
    ["Ask", "look at it"],
  ]);
  expect(letter.events[3]?.attributes).toEqual({ to: "peerB", action: "review", prio: "high" });
  expect(letter.acks).toEqual([
    { mid: "muster-1700000000-00beef", isNack: false, reason: "" },
    { mid: "muster-1700000000-00dead", isNack: true, reason: "not mine" },
  ]);
  expect(letter.refs).toEqual(["commit:abc123", "cmd:bun test::OK", "log:.muster/work/x.log#L10-22", "POR.md#goal"]);
  expect(letter.refs.filter(isCheckable)).toHaveLength(3);
  expect(letter.text).toStartWith("Item(core)");
  expect(letter.text).toEndWith("```");
});

test("P40 fenced and raw diffs are taken byte for byte; those in other fences are quotations", () => {
  const crlf = DIFF.replaceAll("one\n", "one\r\n");
  const fenced = parseLetter(`<TO_PEER>\n\`\`\`diff\n${crlf}\`\`\`\n~~~patch\nnot a diff\n~~~\n</TO_PEER>`);
  expect(fenced.patches).toEqual([crlf, "not a diff\n"]);
  expect(parseLetter(`<TO_PEER>\nHere:\n${DIFF}Done.\n</TO_PEER>`).patches).toEqual([DIFF]);
  expect(parseLetter(`<TO_PEER>\n\`\`\`\n${DIFF}\`\`\`\n</TO_PEER>`).patches).toEqual([]);
});

test("P28 a text without tag or fence is a letter all the same", () => {
  expect(parseLetter("just words\n")).toMatchObject({ text: "just words", hasTag: false, insight: null });
  expect(parseLetter("<TO_USER>done</TO_USER>")).toMatchObject({ text: "done", hasTag: true, insight: null });
});

test("S37 a sender that a letter gives itself is seen, not believed", () => {
  expect(parseLetter("<TO_PEER>\nfrom: boss\nhello\n</TO_PEER>").claimedSender).toBe("boss");
  expect(parseLetter("<TO_PEER>\nwords from: here\n</TO_PEER>").claimedSender).toBeUndefined();
});

test("P28 the outer tag is taken off with the blanks about it; what stands behind it stays", () => {
  const inside = (text: string) => {
    const { text: said, hasTag } = parseLetter(text);
    return [said, hasTag];
  };
  expect(inside(" \n<TO_USER> \t\r\n  words\n</TO_USER>\n\n more \n")).toEqual(["words\nmore", true]);
  expect(inside("<TO_PEER>a</TO_PEER>b</TO_PEER>")).toEqual(["a</TO_PEER>b", true]);
  expect(inside(" <TO_PEER>a</TO_USER> ")).toEqual(["<TO_PEER>a</TO_USER>", false]);
  expect(inside("words <TO_PEER>a</TO_PEER>")).toEqual(["words <TO_PEER>a</TO_PEER>", false]);
});

test("3.13 a fence ends with its own mark, and only lines outside of fences are events", () => {
  const events = (...lines: string[]) => parseLetter(lines.join("\n")).events.map(({ text }) => text);
  expect(events("```js", "Progress: in", "```", "Progress: out")).toEqual(["out"]);
  expect(events("````", "```", "Progress: in", "````", "Progress: out")).toEqual(["out"]);
  expect(events("```", "``` js", "Progress: in", "~~~", "Progress: in", "```", "Progress: out")).toEqual(["out"]);
  expect(events("~~~", "Progress: in", "~~~~", "- Progress:   out  ")).toEqual(["out"]);
});

test("3.13 an insight is read by its keys alone, the last one of a letter counts", () => {
  const insight = (...lines: string[]) => parseLetter(["```insight", ...lines, "```"].join("\n")).insight;
  expect(insight()).toEqual({ refs: [] });
  expect(insight("  who :   PeerA  ", "kind:ask", "next: one: two", `refs: ["a b", 'c',, d]`)).toEqual({
    ...{ who: "PeerA", kind: "ask", next: "one: two", refs: ["a b", "c", "d"] },
  });
  expect(insight("my who: x", "whoever: x", "words", "xkind: y")).toEqual({ refs: [] });
  const two = "```INSIGHT\nwho: a\n```\n```insight\nwho: b\n```\n```other\nwho: c\n```";
  expect(parseLetter(two).insight).toEqual({ who: "b", refs: [] });
  expect(parseLetter("words").insight).toBeNull();
});

test("3.13 references of events and insight are told once, twenty at most", () => {
  const refs = Array.from({ length: 21 }, (_, n) => `log:a#L${n}`);
  const letter = parseLetter(`Evidence(refs=[${refs.join(",")}]): x\n\`\`\`insight\nrefs: [log:a#L0, z]\n\`\`\``);
  expect(letter.refs).toEqual(refs.slice(0, 20));
  const few = parseLetter("Evidence(refs=[b, a], tag = x,note=y z): t\n```insight\nrefs: [a, c]\n```");
  expect(few.refs).toEqual(["b", "a", "c"]);
  expect(few.events).toEqual([{ kind: "Evidence", text: "t", attributes: { note: "y z" }, refs: ["b", "a"] }]);
  expect(parseLetter("Progress: t").refs).toEqual([]);
});

test("P38 a letter is only acknowledgements when nothing else is said in it", () => {
  const only = (text: string) => parseLetter(text).isOnlyAcks;
  expect(only("<TO_PEER>\n  ack: m-1\n\n  </TO_PEER>")).toBe(true);
  expect(only("<TO_PEER>\nack: m-1\nsee </TO_PEER> there\n</TO_PEER>")).toBe(false);
  expect(only("<TO_PEER>\n</TO_PEER>")).toBe(false);
  expect(only("ack: m-1\nwords")).toBe(false);
  expect(parseLetter("nack: m-1  half of it \nack: m-2").acks).toEqual([
    { mid: "m-1", isNack: true, reason: "half of it" },
    { mid: "m-2", isNack: false, reason: "" },
  ]);
  expect(parseLetter("words").acks).toEqual([]);
});

test("S37 a sender is looked for in the first five lines that are no tags", () => {
  const sender = (text: string) => parseLetter(text).claimedSender;
  expect(sender("  <TO_PEER>\n1\n2\n3\n4\n  From: boss x")).toBe("boss");
  expect(sender("<TO_PEER>\n1\n2\n3\n4\n5\nfrom: boss")).toBeUndefined();
  expect(sender("see <TO_PEER>\n1\n2\n3\n4\nfrom: boss")).toBeUndefined();
});

test("P47 what can be checked begins so: a commit, a command with its word, a place in a log", () => {
  for (const ref of ["commit:abc", "cmd:npm test::OK", "log:a/b#L1"])
    expect([ref, isCheckable(ref)]).toEqual([ref, true]);
  for (const ref of ["a commit:abc", "cmd:npm test", "cmd:npm::OK now", "log:#L1", "log:a#1", "rfd-1"])
    expect([ref, isCheckable(ref)]).toEqual([ref, false]);
});
