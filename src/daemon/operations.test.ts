import { afterEach, expect, test } from "bun:test";
import type { Permission } from "../core/facts.ts";
import { standin } from "../drivers/standin.ts";
import { accountIn, driverFor } from "./operations.ts";

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

test("F8 logins of one CLI are told apart by what decides about them, and a digest says nothing of a key", () => {
  const at = (more: object, driver = "claude") => accountIn(driver, { HOME: "/me", PATH: "/bin", ...more });
  const own = at({});
  expect(own).toMatch(/^[0-9a-f]{12}$/);
  expect([at({ PATH: "/other", LANG: "C" }), at({ ANTHROPIC_MODEL: "x" })]).toEqual([own, own]);
  const others = [
    at({ HOME: "/you" }),
    at({ ANTHROPIC_API_KEY: "k1" }),
    at({ ANTHROPIC_API_KEY: "k2" }),
    at({ ANTHROPIC_BASE_URL: "k1" }),
    at({ CLAUDE_CONFIG_DIR: "/me/.claude-work" }),
    at({}, "standin"),
  ];
  expect(new Set([own, ...others]).size).toBe(7);
  expect(at({ ANTHROPIC_API_KEY: "k1" }, "standin")).toBe(at({}, "standin"));
});
