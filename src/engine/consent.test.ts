import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN } from "../../test/fakes/history.ts";
import { House } from "../../test/fakes/house.ts";
import { type AgentId, PERSON, type Principal } from "../core/ids.ts";
import { FULL_ACCESS } from "../core/premises.ts";
import type { Review } from "../core/review.ts";
import { Consent } from "./consent.ts";

let it: House;
let reviews: Record<string, Review>;
let consent: Consent;

const NOTHING: Review = { hash: "h0", files: [] };
const brings = (hash: string): Review => ({
  hash,
  files: [{ file: ".mcp.json", digest: `d-${hash}`, size: 2, head: "{}" }],
});
const AGENT: Principal = { kind: "agent", agent: ANN as AgentId };

beforeEach(() => {
  it = new House();
  reviews = { "/r": brings("h1") };
  consent = new Consent({ engine: it.engine, review: async (repo) => reviews[repo] ?? NOTHING });
});
afterEach(() => it.end());

const outcome = (asked: Promise<void>): Promise<string> =>
  asked.then(
    () => "granted",
    ({ code, message }) => `${code}: ${message}`,
  );
const trust = (agrees: boolean, by = PERSON) => outcome(consent.trust("/r", agrees, by));
const inherit = (agrees = false, by = PERSON) => outcome(consent.inherit("/copy", "/r", agrees, by));
const types = () => it.log.read(0).map(({ type }) => type as string);
const known = (repo = "/r") => it.state.repositories[repo];

const UNKNOWN = "state: /r configures agents by .mcp.json, and nobody agreed to that";

test("a repository that brings nothing needs no word, and none is written down", async () => {
  reviews = {};
  expect([await trust(false), await trust(false, AGENT), types()]).toEqual(["granted", "granted", []] as never);
});

test("what a repository brings is written down as seen, and refused until a person agrees", async () => {
  expect(await trust(false)).toBe(UNKNOWN);
  expect(it.facts("repository.reviewed")).toMatchObject([
    { repo: "/r", hash: "h1", files: [".mcp.json"], digests: ["d-h1"], by: "system" },
  ]);
  expect(await trust(true, AGENT)).toBe(UNKNOWN);
  expect([await trust(true), known()?.trusted]).toEqual(["granted", "h1"]);
  expect(it.log.read(0).at(-1)).toMatchObject({ by: "user", repo: "/r", hash: "h1" });
  expect(await trust(false, AGENT)).toBe("granted");
});

test("who agrees at once agrees to what is there; what has changed since it was shown is shown first", async () => {
  expect(await trust(true)).toBe("granted");
  reviews["/r"] = brings("h2");
  expect(await trust(true)).toBe("state: the agent configuration of /r is not what was agreed to (changed: .mcp.json)");
  expect(known()?.trusted).toBe("h1");
  expect([await trust(true), known()?.trusted]).toEqual(["granted", "h2"]);
});

test("a copy of a repository inherits what was agreed to there, and only that", async () => {
  reviews["/copy"] = brings("h1");
  expect(await inherit()).toBe("state: /copy configures agents by .mcp.json, and nobody agreed to that");
  await trust(true);
  expect(await inherit(false, AGENT)).toBe("granted");
  expect(known("/copy")).toMatchObject({ trusted: "h1", seen: { hash: "h1", files: [".mcp.json"] } });
  expect(it.log.read(0).at(-1)).toMatchObject({ by: "system", repo: "/copy" });
  reviews["/copy"] = brings("h2");
  expect(await inherit()).toStartWith("state: the agent configuration of /copy is not what was agreed to");
  expect([await inherit(true), known("/copy")?.trusted]).toEqual(["granted", "h2"]);
});

test("a copy that brings nothing inherits nothing", async () => {
  await trust(true);
  const before = types().length;
  expect([await inherit(), types().length, known("/copy")]).toEqual(["granted", before, undefined] as never);
});

const full = (seat?: string) => ({ seat, permission: "danger-full-access" as const });
const permit = (hires: Parameters<Consent["permission"]>[1], accept?: string, by = PERSON) => {
  try {
    consent.permission("/r", hires, accept, by);
    return "granted";
  } catch (error) {
    const { code, message, hint } = error as { code?: string; message: string; hint?: string };
    return `${code}: ${message}; ${hint}`;
  }
};

test("P18 full access is allowed by a person in words, once in each repository", () => {
  const refused =
    "state: PeerA and PeerB would get full access, which nobody has allowed in /r yet; " +
    `muster run --accept "${FULL_ACCESS}" allows it, once`;
  const both = [full("PeerA"), { seat: "PeerC", permission: "read-only" as const }, full("PeerB")];
  expect([permit(both), permit(both, "yes"), permit(both, FULL_ACCESS, AGENT)]).toEqual([refused, refused, refused]);
  expect([permit(both, FULL_ACCESS), permit(both), known()?.isPermitted]).toEqual([
    "granted",
    "granted",
    true,
  ] as never);
  expect(it.log.read(0)).toMatchObject([{ repo: "/r", by: "user" }]);
});

test("P18 who gets less than full access needs no word", () => {
  expect(permit([{ seat: "PeerA", permission: "workspace-write" }], FULL_ACCESS)).toBe("granted");
  expect(types()).toEqual([]);
});
