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
