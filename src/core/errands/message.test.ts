import { expect, test } from "bun:test";
import { foremanMessage } from "./message.ts";

const body = "<TO_PEER>\nRun it.\n</TO_PEER>";

test("P63 header lines say for whom, the tags what", () => {
  expect(foremanMessage(body)).toEqual({ to: [], isCc: false, text: "Run it." });
  expect(foremanMessage(`To: Both\n${body}`)).toEqual({ to: [], isCc: false, text: "Run it." });
  expect(foremanMessage(`to: peera\r\nCC: user\r\n\r\n${body}\r\n`)).toEqual({
    to: ["PeerA"],
    isCc: true,
    text: "Run it.",
  });
  expect(foremanMessage(`Owner: PeerB\n${body}`)).toEqual({ to: ["PeerB"], isCc: false, text: "Run it." });
  expect(foremanMessage(`   \n  To:PeerA  \n${body}`)).toEqual({ to: ["PeerA"], isCc: false, text: "Run it." });
  expect(foremanMessage("\ufeff  <TO_PEER>One\n\ntwo</TO_PEER>  ")).toEqual({
    to: [],
    isCc: false,
    text: "One\n\ntwo",
  });
});

test("P63 anything else is no message, and says why", () => {
  const WRONG: [text: string, problem: string][] = [
    ["", "it has no <TO_PEER> ... </TO_PEER>"],
    ["I did it.", "it has no <TO_PEER> ... </TO_PEER>"],
    [`Here you are:\n${body}`, '"Here you are:" is no header line; To: Both|PeerA|PeerB, CC: user'],
    [`To: PeerC\n${body}`, '"To: PeerC" is no header line; To: Both|PeerA|PeerB, CC: user'],
    [`To: constructor\n${body}`, '"To: constructor" is no header line; To: Both|PeerA|PeerB, CC: user'],
    [`CC: boss\n${body}`, '"CC: boss" is no header line; To: Both|PeerA|PeerB, CC: user'],
    [`To: user\n${body}`, '"To: user" is no header line; To: Both|PeerA|PeerB, CC: user'],
    [`CC: Both\n${body}`, '"CC: Both" is no header line; To: Both|PeerA|PeerB, CC: user'],
  ];
  for (const [text, problem] of WRONG) expect([text, foremanMessage(text)]).toEqual([text, { problem }]);
  const UNCLEAR = [
    `${body}\nbye`,
    `${body}\n${body}`,
    "<TO_PEER>\n</TO_PEER>",
    "<TO_PEER>\nhalf",
    "<TO_PEER><TO_PEER>x</TO_PEER>",
  ];
  for (const text of UNCLEAR)
    expect([text, foremanMessage(text)]).toEqual([
      text,
      { problem: "it is not exactly one <TO_PEER> ... </TO_PEER> with a text, and nothing behind it" },
    ]);
});

test("P63 header lines may be indented and in any case; a mark of byte order counts only at the beginning", () => {
  expect(foremanMessage(`  TO:\tPEERB \n \n\tcc: USER\n${body}`)).toEqual({
    to: ["PeerB"],
    isCc: true,
    text: "Run it.",
  });
  expect(foremanMessage(`To: PeerA\nOWNER: both\n${body}`)).toEqual({ to: [], isCc: false, text: "Run it." });
  expect(foremanMessage("<TO_PEER>\n  \n  a \ufeffb  \n \n</TO_PEER>")).toMatchObject({ text: "a \ufeffb" });
});

test("P63 what is no header line is quoted by its first sixty characters", () => {
  const problem = (line: string) => `${JSON.stringify(line)} is no header line; To: Both|PeerA|PeerB, CC: user`;
  const long = "x".repeat(61);
  expect(foremanMessage(`  ${long}  \n${body}`)).toEqual({ problem: problem("x".repeat(60)) });
  for (const line of ["Both", "toto: PeerA", "owners: PeerA", "CC: PeerA", "To PeerA"])
    expect(foremanMessage(`${line}\n${body}`)).toEqual({ problem: problem(line) });
});

test("P63 a text of blanks alone says nothing", () => {
  const problem = "it is not exactly one <TO_PEER> ... </TO_PEER> with a text, and nothing behind it";
  expect(foremanMessage("<TO_PEER> \n \n\t\n</TO_PEER>")).toEqual({ problem });
});
