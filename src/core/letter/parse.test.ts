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
