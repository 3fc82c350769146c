import type { Permission } from "../facts.ts";
import type { DriverRow, FileEdit } from "../premises.ts";
import { Refusal } from "../refusal.ts";
import type { Settings } from "./settings.ts";

/** Who may be bound to a driver. */
export type Role = "peerA" | "peerB" | "aux" | "foreman";

type Key = Pick<FileEdit, "file" | "path">;

const ofRole = (role: string, key: string): Key => ({ file: "cli_profiles", path: ["roles", role, key] });

/** Where the settings have each role's driver and permission level. */
export const ROLE_KEYS: Record<Role, { actor: Key; permissions?: Key }> = {
  peerA: { actor: ofRole("peerA", "actor"), permissions: ofRole("peerA", "permissions") },
  peerB: { actor: ofRole("peerB", "actor"), permissions: ofRole("peerB", "permissions") },
  aux: { actor: ofRole("aux", "actor"), permissions: ofRole("aux", "permissions") },
  foreman: { actor: { file: "foreman", path: ["agent"] } },
};

/** Where the settings have the shape of a team's window. */
export const LAYOUT_KEY: Key = { file: "cli_profiles", path: "tmux.layout".split(".") };

export const ROLES = Object.keys(ROLE_KEYS) as Role[];

export const isRole = (word: string): word is Role => Object.hasOwn(ROLE_KEYS, word);

/** A role's driver as a person wrote it; `none` = nobody. */
export type Bindings = Record<Role, string>;

export const NONE = "none";
export const REUSE_AUX = "reuse_aux";

const LABELS: Record<Role, string> = { peerA: "PeerA", peerB: "PeerB", aux: "Aux", foreman: "Foreman" };

/** `PeerA`, `Aux`: how people call a role. */
export const labelOf = (role: Role): string => LABELS[role];

const ALIASES: Record<string, string> = { "claude-code": "claude", mock: "standin" };

/** The driver behind a word: without a scenario, by its own name. */
export function driverIn(word: string): string {
  const name = word.split(":")[0] ?? "";
  return Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name;
}

/** Why this word cannot be bound to this role; null = it can. */
export function bindingProblem(role: Role, word: string, drivers: DriverRow[]): string | null {
  if (word === NONE || word === "") return role === "peerA" ? "PeerA is required" : null;
  if (role === "foreman" && word === REUSE_AUX) return null;
  const known = drivers.map(({ name }) => name);
  if (known.includes(driverIn(word))) return null;
  const others = role === "foreman" ? [...known, REUSE_AUX, NONE] : role === "peerA" ? known : [...known, NONE];
  return `no driver named ${word}; known: ${others.join(", ")}`;
}

/** Refuses what cannot be bound, with what can. */
export function requireBindings(bindings: Bindings, drivers: DriverRow[]): void {
  for (const role of ROLES) {
    const problem = bindingProblem(role, bindings[role], drivers);
    if (problem === null) continue;
    const [what = "", hint = ""] = problem.split("; ");
    throw new Refusal(
      "usage",
      what === "PeerA is required" ? what : `${LABELS[role]}: ${what}`,
      hint || "choose a driver",
    );
  }
}

/** What PeerB is when its documented driver is not built yet. */
const FALLBACK = "claude";

/** Bindings as the settings say; `notes`: where something else is taken than they document. */
export function bindingsFrom(
  { cli_profiles: { roles }, foreman }: Settings,
  saved: string[],
  drivers: DriverRow[],
): { bindings: Bindings; notes: string[] } {
  const known = drivers.map(({ name }) => name);
  const notes: string[] = [];
  const actor = (role: "peerA" | "peerB" | "aux"): string => {
    const word = roles[role].actor || NONE;
    if (saved.includes(role) || word === NONE || known.includes(driverIn(word))) return word;
    notes.push(`${LABELS[role]} is ${FALLBACK}: ${word} is not built in yet`);
    return FALLBACK;
  };
  const bindings = { peerA: actor("peerA"), peerB: actor("peerB"), aux: actor("aux"), foreman: foreman.agent || NONE };
  return { bindings, notes };
}

/** A role's level as the settings say; the Foreman has none of its own. */
export const levelOf = ({ cli_profiles: { roles } }: Settings, role: Role): Permission =>
  role === "foreman" ? "workspace-write" : roles[role].permissions;

/** Refuses a level that a role's driver cannot enforce. */
export function requireLevel(role: Role, word: string, level: Permission, drivers: DriverRow[]): void {
  const row = drivers.find(({ name }) => name === driverIn(word));
  if (!row || row.permissions.includes(level)) return;
  const levels = `${row.name} can enforce ${row.permissions.join(", ")}`;
  throw new Refusal("failed", `${LABELS[role]}: driver ${row.name} cannot enforce ${level}`, levels);
}

/** The keys that a person writes where nobody can be asked. */
export const KEYS_TO_WRITE = ROLES.map((role) => {
  const { file, path } = ROLE_KEYS[role].actor;
  return `${file}.yaml ${path.join(".")}`;
});
