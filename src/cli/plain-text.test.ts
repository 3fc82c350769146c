import { expect, test } from "bun:test";
import { PlainText } from "./plain-text.ts";

const bytes = new TextEncoder().encode("\x1b[31mred\x1b[0m é\r\n\x1b]0;title\x07two\x08\n\x1b[2Krest");

test("A7 a record without escape sequences is the same wherever it is cut", () => {
  for (let cut = 0; cut <= bytes.length; cut++) {
    const plain = new PlainText();
    const parts = [plain.take(bytes.subarray(0, cut)), plain.take(bytes.subarray(cut)), plain.rest()];
    expect([cut, Buffer.concat(parts).toString()]).toEqual([cut, "red é\ntwo\nrest"]);
  }
});
