import { expect, test } from "bun:test";
import type { DriverRow } from "../premises.ts";
import type { Refusal } from "../refusal.ts";
import {
  type Bindings,
  bindingProblem,
  bindingsFrom,
  driverIn,
  isRole,
  KEYS_TO_WRITE,
  LAYOUT_KEY,
  labelOf,
  levelOf,
  ROLE_KEYS,
  ROLES,
  requireBindings,
  requireLevel,
} from "./bindings.ts";
import { settingsFrom } from "./settings.ts";

const DRIVERS: DriverRow[] = [
  { name: "claude", permissions: ["read-only", "workspace-write", "danger-full-access"] },
  { name: "standin", permissions: ["workspace-write"] },
];
const BOUND: Bindings = { peerA: "claude", peerB: "none", aux: "none", foreman: "none" };

const said = (work: () => void): string => {
  try {
    work();
  } catch (error) {
    const { code, message, hint } = error as Refusal;
    return `${code}: ${message}; ${hint}`;
  }
  return "granted";
};

test("P15 an unknown driver is refused with those there are, in every role", () => {
  expect(said(() => requireBindings({ ...BOUND, peerA: "cladue" }, DRIVERS))).toBe(
    "usage: PeerA: no driver named cladue; known: claude, standin",
  );
  expect(said(() => requireBindings({ ...BOUND, peerB: "x" }, DRIVERS))).toBe(
    "usage: PeerB: no driver named x; known: claude, standin, none",
  );
  expect(said(() => requireBindings({ ...BOUND, aux: "reuse_aux" }, DRIVERS))).toBe(
    "usage: Aux: no driver named reuse_aux; known: claude, standin, none",
  );
  expect(said(() => requireBindings({ ...BOUND, foreman: "x" }, DRIVERS))).toBe(
    "usage: Foreman: no driver named x; known: claude, standin, reuse_aux, none",
  );
});

test("P16 PeerA is required; any driver may hold any role, and both peers the same one", () => {
  for (const peerA of ["none", ""])
    expect(said(() => requireBindings({ ...BOUND, peerA }, DRIVERS))).toBe("usage: PeerA is required; choose a driver");
  for (const driver of ["claude", "claude-code", "standin", "mock", "mock:/x/play.json"])
    expect(said(() => requireBindings({ peerA: driver, peerB: driver, aux: driver, foreman: driver }, DRIVERS))).toBe(
      "granted",
    );
  expect(said(() => requireBindings({ ...BOUND, foreman: "reuse_aux" }, DRIVERS))).toBe("granted");
  expect(bindingProblem("peerB", "", DRIVERS)).toBeNull();
});

test("P16 the documented defaults hold; one that is not built in yet is replaced, and it is said", () => {
  const { bindings, notes } = bindingsFrom(settingsFrom(), [], DRIVERS);
  expect(bindings).toEqual({ peerA: "claude", peerB: "claude", aux: "none", foreman: "none" });
  expect(notes).toEqual(["PeerB is claude: codex is not built in yet"]);
  const all = [...DRIVERS, { name: "codex", permissions: [] }];
  expect(bindingsFrom(settingsFrom(), [], all)).toEqual({ bindings: { ...bindings, peerB: "codex" }, notes: [] });
});

test("P16 what a person wrote down is never replaced, and empty means none", () => {
  const settings = settingsFrom({
    cli_profiles: { roles: { peerA: { actor: "gemini" }, peerB: { actor: "" }, aux: { actor: "mock:/x" } } },
    foreman: { agent: "reuse_aux" },
  });
  expect(bindingsFrom(settings, ["peerA"], DRIVERS)).toEqual({
    bindings: { peerA: "gemini", peerB: "none", aux: "mock:/x", foreman: "reuse_aux" },
    notes: [],
  });
});

test("P18 a level that the driver does not support is refused, and both are named", () => {
  expect(said(() => requireLevel("peerB", "mock:/x", "read-only", DRIVERS))).toBe(
    "failed: PeerB: driver standin cannot enforce read-only; standin can enforce workspace-write",
  );
  expect(said(() => requireLevel("peerB", "mock", "workspace-write", DRIVERS))).toBe("granted");
  expect(said(() => requireLevel("peerA", "claude-code", "danger-full-access", DRIVERS))).toBe("granted");
  expect(said(() => requireLevel("peerB", "none", "read-only", DRIVERS))).toBe("granted");
});

test("P18 each role has its own level, and the Foreman none", () => {
  const settings = settingsFrom({ cli_profiles: { roles: { peerB: { permissions: "read-only" } } } });
  expect((["peerA", "peerB", "aux", "foreman"] as const).map((role) => levelOf(settings, role))).toEqual([
    ...(["workspace-write", "read-only", "workspace-write", "workspace-write"] as const),
  ]);
});

test("P17 the keys to write are those of the files", () => {
  expect(KEYS_TO_WRITE).toEqual([
    "cli_profiles.yaml roles.peerA.actor",
    "cli_profiles.yaml roles.peerB.actor",
    "cli_profiles.yaml roles.aux.actor",
    "foreman.yaml agent",
  ]);
  expect([isRole("peerA"), isRole("foreman"), isRole("toString"), isRole("PeerA")]).toEqual([true, true, false, false]);
  expect([labelOf("peerB"), labelOf("aux")]).toEqual(["PeerB", "Aux"]);
});

test("a driver is known by its own name, whatever it was called", () => {
  expect(["mock:/a:b", "claude-code", "standin", "toString", ""].map(driverIn)).toEqual([
    ...["standin", "claude", "standin", "toString", ""],
  ]);
});

test("P17 each role has its keys, the Foreman in its own file", () => {
  const shown = ROLES.map((role) => {
    const { actor, permissions } = ROLE_KEYS[role];
    return [role, actor.file, actor.path.join("."), permissions?.path.join(".")];
  });
  expect(shown).toEqual([
    ["peerA", "cli_profiles", "roles.peerA.actor", "roles.peerA.permissions"],
    ["peerB", "cli_profiles", "roles.peerB.actor", "roles.peerB.permissions"],
    ["aux", "cli_profiles", "roles.aux.actor", "roles.aux.permissions"],
    ["foreman", "foreman", "agent", undefined],
  ]);
  expect(LAYOUT_KEY).toEqual({ file: "cli_profiles", path: ["tmux", "layout"] });
});
