import { expect, test } from "bun:test";
import { flag, list, number, object, oneOf, optional, type Shape, table, text } from "./shape.ts";

const says = (shape: Shape<unknown>, value: unknown): string => {
  try {
    shape.read(value, "");
    return "read";
  } catch (error) {
    return (error as Error).message;
  }
};

const seat = object({ driver: text({ min: 1, max: 5 }), level: optional(oneOf("low", "high")) });

test("what fits is read as it is, and nothing is added", () => {
  const shape = object({ seat, trust: optional(flag), sizes: optional(list(number(1, 9, true))) });
  const value = { seat: { driver: "x", level: "low" as const }, sizes: [1, 9] };
  expect(shape.read(value, "")).toEqual(value);
  expect(shape.read({ seat: { driver: "x" } }, "")).toEqual({ seat: { driver: "x" } });
  expect("trust" in shape.read({ seat: { driver: "x" }, trust: undefined }, "")).toBe(false);
});

test("what does not fit is named with its place and what would fit", () => {
  const shape = object({
    seat,
    count: number(1, 9, true),
    names: optional(list(text({ pattern: /^a/, words: "an a" }))),
  });
  const fine = { seat: { driver: "x" }, count: 1 };
  const cases: [unknown, string][] = [
    [null, "keys are needed"],
    [[], "keys are needed"],
    ["x", "keys are needed"],
    [{ count: 1 }, "seat: keys are needed"],
    [{ ...fine, seat: {} }, "seat.driver: a text is needed"],
    [{ ...fine, seat: { driver: "" } }, "seat.driver: it is empty"],
    [{ ...fine, seat: { driver: "123456" } }, "seat.driver: at most 5 characters"],
    [{ ...fine, seat: { driver: "x", level: "mid" } }, "seat.level: one of low, high is needed"],
    [{ ...fine, seat: { driver: "x", size: 1 } }, "unknown key seat.size"],
    [{ ...fine, colour: 1 }, "unknown key colour"],
    [{ ...fine, names: "a" }, "names: a list is needed"],
    [{ ...fine, names: ["ab", "b"] }, "names.1: an a"],
    ...[0, 10, 1.5, "1", Number.NaN, null].map((count): [unknown, string] => [
      { ...fine, count },
      "count: a whole number from 1 to 9 is needed",
    ]),
    [fine, "read"],
  ];
  for (const [value, said] of cases) expect([value, says(shape, value)]).toEqual([value, said]);
  expect(says(flag, "true")).toBe("true or false is needed");
  expect(says(number(0, 1), 0.5)).toBe("read");
});

test("keys of every object's prototype are strangers, and none is written there", () => {
  const hostile = JSON.parse('{"__proto__": {"admin": true}}');
  expect(says(object({ a: optional(flag) }), hostile)).toBe("unknown key __proto__");
  expect(says(object({ a: optional(flag) }), { constructor: 1 })).toBe("unknown key constructor");
  expect(says(object({ toString: text() }), {})).toBe("toString: a text is needed");
  const names = table(/^[a-z_]+$/, object({}, true));
  expect(Object.keys(names.read(hostile, ""))).toEqual(["__proto__"]);
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
});

test("a table takes any key of its pattern; a loose object passes others over", () => {
  expect({ ...table(/^[A-Z]+$/, text()).read({ HOME: "/h" }, "") }).toEqual({ HOME: "/h" });
  expect(says(table(/^[A-Z]+$/, text()), { home: "/h" })).toBe("unknown key home");
  expect(says(table(/^[A-Z]+$/, text()), { HOME: 1 })).toBe("HOME: a text is needed");
  expect(object({ a: optional(flag) }, true).read({ a: true, b: 1 }, "")).toEqual({ a: true });
});
