import { expect, test } from "bun:test";
import { withTrust } from "./claude-trust.ts";

test("trust is added, everything else stays", () => {
  const before = { numStartups: 3, projects: { "/a": { allowedTools: ["x"] }, "/b": {} }, oauthAccount: { id: 1 } };
  const after = JSON.parse(withTrust(JSON.stringify(before), "/a"));
  expect(after).toEqual({
    ...before,
    projects: { "/a": { allowedTools: ["x"], hasTrustDialogAccepted: true }, "/b": {} },
  });
  expect(Object.keys(after)).toEqual(Object.keys(before));
});

test("no file yet, or no projects yet, is a beginning", () => {
  for (const json of ["", "{}"])
    expect(JSON.parse(withTrust(json, "/a"))).toEqual({ projects: { "/a": { hasTrustDialogAccepted: true } } });
});

test("a trusted folder changes not a byte", () => {
  const json = '{"projects":{"/a":{"hasTrustDialogAccepted":true}}}';
  expect(withTrust(json, "/a")).toBe(json);
});

test("a file that is not understood is never rewritten", () => {
  for (const json of ["{", "[]", '"x"', '{"projects":[]}']) expect(() => withTrust(json, "/a")).toThrow("claude.json");
});
