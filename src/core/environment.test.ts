import { expect, test } from "bun:test";
import { agentEnvironment, callerEnvironment, checkEnvironment, type Environment } from "./environment.ts";

/** An environment in which every name is set. */
const full = new Proxy({}, { get: (_, name) => `the ${String(name)}` }) as Environment;

test("S20 programs get what is on this list, and nothing else of the caller's environment", () => {
  const names = (env: Record<string, string>) => Object.keys(env).join(" ");
  expect({
    claude: names(agentEnvironment("claude", full)),
    standin: names(agentEnvironment("standin", full)),
    checks: names(checkEnvironment(full)),
    caller: names(callerEnvironment(full)),
  }).toMatchSnapshot();
  expect(checkEnvironment(full).PATH).toBe("the PATH");
  expect(agentEnvironment("claude", { HOME: "/h", SECRET: "x" })).toEqual({ HOME: "/h" });
});
