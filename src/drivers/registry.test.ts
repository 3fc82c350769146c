import { expect, test } from "bun:test";
import { Refusal } from "../core/refusal.ts";
import { driverNamed } from "./registry.ts";

test("names and aliases find their driver", () => {
  expect(driverNamed("claude-code").driver).toBe(driverNamed("claude").driver);
  expect(driverNamed("mock")).toEqual({ driver: driverNamed("standin").driver });
  expect(driverNamed("mock:a b/s.yaml").scenario).toBe("a b/s.yaml");
});

test("an unknown name is refused with the nearest one and the known ones", () => {
  const refusal = (name: string): Refusal => {
    try {
      driverNamed(name);
    } catch (error) {
      return error as Refusal;
    }
    throw new Error("not refused");
  };
  expect(refusal("cluade")).toMatchObject({ code: "usage", hint: "did you mean claude? known: claude, standin" });
  expect(refusal("xyzzyxyzzy").hint).toBe("known: claude, standin");
  expect(refusal("constructor")).toBeInstanceOf(Refusal);
  expect(refusal("mock:")).toBeInstanceOf(Refusal);
});
