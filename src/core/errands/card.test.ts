import { expect, test } from "bun:test";
import { cardFrom } from "./card.ts";

const check = { name: "unit", run: "bun test" };
const card = { title: "Cache", kind: "feature", meta: { pr: 7 }, checks: [check] };

test("P12 a card is read as it stands", () => {
  const checks = [check, { ...check, timeout_sec: 5, allow_failure: true }];
  expect(cardFrom({ ...card, checks })).toEqual({ ...card, checks });
  expect(cardFrom({ title: "t", kind: "k", checks: [check] })).toEqual({ title: "t", kind: "k", checks: [check] });
});

test("P12 a schema error names the key", () => {
  const WRONG: [document: unknown, message: string][] = [
    [null, "keys are needed"],
    [[card], "keys are needed"],
    [{ ...card, title: undefined }, "title: a text is needed"],
    [{ ...card, kind: "" }, "kind: it is empty"],
    [{ ...card, other: 1 }, "unknown key other"],
    [{ ...card, checks: [] }, "checks: at least one is needed"],
    [{ ...card, checks: "x" }, "checks: a list is needed"],
    [{ ...card, checks: [check, { name: "b", run: 7 }] }, "checks.1.run: a text is needed"],
    [{ ...card, checks: [{ ...check, timeout: 5 }] }, "unknown key checks.0.timeout"],
    [{ ...card, checks: [{ ...check, timeout_sec: 0 }] }, "checks.0.timeout_sec: a number from 1 to 3600 is needed"],
    [{ ...card, checks: [{ ...check, allow_failure: "no" }] }, "checks.0.allow_failure: true or false is needed"],
  ];
  for (const [document, message] of WRONG) {
    expect(() => cardFrom(document)).toThrow(`the card is wrong: ${message}`);
    try {
      cardFrom(document);
    } catch (error) {
      expect(error).toMatchObject({ code: "usage" });
    }
  }
});

test("P12 a wrong card is answered with the keys that a card may have", () => {
  expect(() => cardFrom(null)).toThrow(
    expect.objectContaining({
      hint: "keys of a card: title, kind, meta, checks: name, run, timeout_sec, allow_failure",
    }),
  );
});
