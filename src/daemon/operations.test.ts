import { afterEach, expect, test } from "bun:test";
import type { Permission } from "../core/facts.ts";
import { standin } from "../drivers/standin.ts";
import { driverFor } from "./operations.ts";

const levels = standin.abilities.permissions as Record<Permission, string | null>;
const readOnly = levels["read-only"];
afterEach(() => {
  levels["read-only"] = readOnly;
});

test("A4 a level that a driver cannot enforce is refused with both names, and nothing milder is taken in its place", () => {
  expect(driverFor("standin", "read-only")).toMatchObject({ driver: "standin" });
  levels["read-only"] = null;
  const refusal = {
    code: "failed",
    message: "standin cannot enforce read-only",
    hint: "choose another level or driver",
  };
  expect(() => driverFor("mock:play.yaml", "read-only")).toThrow(expect.objectContaining(refusal));
  expect(driverFor("standin", "workspace-write")).toMatchObject({ driver: "standin" });
});
