import { expect, test } from "bun:test";
import { type LetterForm, letterForm, withoutFence } from "./form.ts";

const FENCE = "```insight\nwho: PeerA\n```";

test("a letter is complete when its tag and its fence are closed and nothing follows", () => {
  const forms: [string, LetterForm][] = [
    ["", "empty"],
    [" \n\ufeff ", "empty"],
    [`<TO_PEER>\nx\n</TO_PEER>\n${FENCE}`, "complete"],
    [`\ufeff<TO_USER>\nx\n</TO_USER>\n\n${FENCE}  \n`, "complete"],
    [`<TO_PEER>\nx\n</TO_PEER>\r\n\`\`\`insight\r\nwho: x\r\n\`\`\`\r\n`, "complete"],
    [`<TO_PEER>\nx\n</TO_PEER>\n\`\`\`insight\n\`\`\``, "complete"],
    [`<TO_PEER>\nx\n</TO_PEER>\n\`\`\`\`insight\nwho: x\n\`\`\`\``, "complete"],
    [`<TO_PEER>\nx\n</TO_PEER>\n\`\`\`\`insight\nwho: x\n\`\`\``, "open"],
    [`<TO_PEER>\nx\n</TO_PEER>\n${FENCE}\nmore`, "open"],
    ["<TO_PEER>\nx\n</TO_PEER>", "loose"],
    ["<TO_PEER>\nx\n</TO_PEER>\n`", "open"],
    ["<TO_PEER>\nx\n</TO_PEER>\n```ins", "open"],
    [`<TO_PEER>\nx\n</TO_PEER>\n<TO_USER>\ny\n</TO_USER>\n${FENCE}`, "complete"],
    [`<TO_PEER>\n<TO_PEER>\nx\n</TO_PEER>\n${FENCE}`, "open"],
    [`<TO_PEER>\nx\n</TO_PEER>\n</TO_PEER>\n${FENCE}`, "loose"],
    ["<TO_PEER>\nx", "open"],
    ["<", "open"],
    ["<TO_US", "open"],
    ["<TOX", "loose"],
    ["plain words", "loose"],
    [`words <TO_PEER>\nx\n</TO_PEER>\n${FENCE}`, "loose"],
  ];
  for (const [text, form] of forms) expect([text, letterForm(text)]).toEqual([text, form]);
});

test("a letter is shown without what is for machines", () => {
  expect(withoutFence(`COUNTER: it is 3.\n${FENCE}`)).toBe("COUNTER: it is 3.");
  expect(withoutFence("no fence")).toBe("no fence");
});

test("a beginning of the first tag is open; anything else before it is loose", () => {
  for (const text of ["<", "<T", "<TO", "<TO_", "<TO_P", "<TO_PEER", "\ufeff<TO_USER", " \n<T"])
    expect([text, letterForm(text)]).toEqual([text, "open"]);
  for (const text of ["x<", "x <TO_PEER>", "<x", "<TO_PEERS", "<TX", "x\ufeff", "words\n<TO_PEER>\nx\n</TO_PEER>"])
    expect([text, letterForm(text)]).toEqual([text, "loose"]);
  for (const text of ["", " \n", "\ufeff", "\ufeff \n"]) expect([text, letterForm(text)]).toEqual([text, "empty"]);
});

test("what stands behind the last closing tag says whether more must come", () => {
  const letter = "<TO_PEER>\nwords\n</TO_PEER>";
  const forms: [string, ReturnType<typeof letterForm>][] = [
    [letter, "loose"],
    [`${letter}\n\``, "open"],
    [`${letter}\n\`\`\`insi`, "open"],
    [`${letter}\n\`\`\`\`insight\nwho: x`, "open"],
    [`${letter}\n\`\`\` and more`, "loose"],
    [`${letter}\nwords`, "loose"],
    ["<TO_PEER>\n```insight\nwho: x\n```\n</TO_PEER>\nwords", "loose"],
    ["<TO_PEER>\n```insight\n</TO_PEER>\nwords", "loose"],
    ["<TO_PEER>\na\n</TO_PEER>\n```insight\n</TO_PEER>\nwords", "loose"],
    [`${letter}\n\`\`\`insight\nwho: x\n\`\`\``, "complete"],
    [`${letter}\n\`\`\`insight\nwho: x\n\`\`\` words`, "open"],
    [`<TO_PEER>\na\n</TO_PEER>\n${letter}\n\`\`\`insight\nwho: x\n\`\`\``, "complete"],
    [`</TO_PEER>\n${letter}`, "loose"],
  ];
  for (const [text, form] of forms) expect([text, letterForm(text)]).toEqual([text, form]);
});
