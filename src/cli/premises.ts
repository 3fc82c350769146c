import { resolve } from "node:path";
import type { Client } from "../client/client.ts";
import { callerEnvironment, type Environment } from "../core/environment.ts";
import type { Permission } from "../core/facts.ts";
import type { Premises } from "../core/premises.ts";
import { Refusal } from "../core/refusal.ts";
import {
  bindingsFrom,
  driverIn,
  labelOf,
  levelOf,
  NONE,
  REUSE_AUX,
  ROLES,
  type Role,
} from "../core/settings/bindings.ts";
import { type Settings, settingsFrom } from "../core/settings/settings.ts";
import { variableOf, which } from "./programs.ts";

/** What a start finds in a repository; the daemon looks. */
export const premisesOf = (client: Client, repo: string): Promise<Premises> =>
  client.get<Premises>(`/api/premises?repo=${encodeURIComponent(repo)}`);

/** Refuses to go by settings that are wrong, with file, line and column of the first fault. */
export function requireSound({ settings: { problems } }: Premises): void {
  const errors = problems.filter(({ level }) => level === "error").map(({ text }) => text);
  const [first, ...others] = errors;
  if (first === undefined) return;
  throw new Refusal("failed", first, "mend the file; muster doctor lists everything that is wrong", others);
}

type Actors = Settings["agents"]["actors"];

/** What a person changed of a driver; null = nothing can be changed of it. */
const actorOf = (settings: Settings, driver: string): Actors[keyof Actors] | null =>
  Object.hasOwn(settings.agents.actors, driver) ? settings.agents.actors[driver as keyof Actors] : null;

/** Where a program was named. */
export interface NamedCommand {
  command: string;
  /** `CLAUDE_I_CMD`, a settings key, or empty for the driver's own. */
  source: string;
}

function fromSettings(role: Role, driver: string, settings: Settings): NamedCommand | null {
  const actor = actorOf(settings, driver);
  const { commands } = settings.cli_profiles;
  const places: [command: string | undefined, source: string][] = [
    [role === "peerA" || role === "peerB" ? commands[role] : "", `cli_profiles.yaml commands.${role}`],
    [role === "aux" ? actor?.aux.invoke_command : "", `agents.yaml actors.${driver}.aux.invoke_command`],
    [role === "foreman" ? actor?.foreman.invoke_command : "", `agents.yaml actors.${driver}.foreman.invoke_command`],
    [actor?.peer.command, `agents.yaml actors.${driver}.peer.command`],
  ];
  const found = places.find(([command]) => command?.trim());
  return found ? { command: found[0]?.trim() ?? "", source: found[1] } : null;
}

/** The program of a role where a person named one: by the driver's variable, else in the settings. Else null. */
export function namedCommand(role: Role, word: string, settings: Settings, env: Environment): NamedCommand | null {
  const driver = driverIn(word);
  const variable = variableOf(driver);
  const given = env[variable]?.trim();
  return given ? { command: given, source: variable } : fromSettings(role, driver, settings);
}

/** One role as it would be started now. */
export interface RoleRow {
  role: Role;
  /** `none` = nobody. */
  driver: string;
  cwd: string;
  /** What is started; empty = built in. */
  command: string;
  /** Where its command was named; empty = by the driver. */
  source: string;
  permission: Permission;
  /** Where the program is, in the environment that will start it. */
  binary: string | null;
  isOk: boolean;
  /** What is wrong, and what to do. */
  problem: string;
}

const firstWord = (command: string): string => command.split(/\s+/)[0] ?? "";

function binaryOf(command: string, cwd: string, env: Environment): string | null {
  const name = firstWord(command);
  return which(name.includes("/") ? resolve(cwd, name) : name, callerEnvironment(env));
}

function programProblem(word: string, { command, source }: NamedCommand, path: string, install: string): string {
  const where = source === "" ? `driver ${driverIn(word)} needs ${command}` : `${source} names ${firstWord(command)}`;
  return `${where}, which is no program in PATH (${path}); ${source === "" ? install : "mend it"}`;
}

interface RowParts {
  premises: Premises;
  settings: Settings;
  env: Environment;
}

function rowOf(role: Role, word: string, { premises, settings, env }: RowParts): RoleRow {
  const folder = role === "foreman" ? "." : settings.cli_profiles.roles[role].cwd;
  const cwd = resolve(premises.repo, folder);
  const permission = levelOf(settings, role);
  const row: RoleRow = {
    role,
    driver: word,
    cwd,
    command: "",
    source: "",
    permission,
    binary: null,
    isOk: true,
    problem: "",
  };
  if (word === NONE || word === REUSE_AUX) return row;
  const driver = premises.drivers.find(({ name }) => name === driverIn(word));
  if (!driver) {
    const known = premises.drivers.map(({ name }) => name).join(", ");
    return { ...row, isOk: false, problem: `no driver named ${word}; known: ${known}` };
  }
  const named = namedCommand(role, word, settings, env);
  const own: NamedCommand | null = driver.program ? { command: driver.program.name, source: "" } : null;
  const used = named ?? own;
  const level = driver.permissions.includes(permission) ? "" : `driver ${driver.name} cannot enforce ${permission}`;
  if (!used) return { ...row, isOk: level === "", problem: level };
  const binary = binaryOf(used.command, cwd, env);
  const missing = binary ? "" : programProblem(word, used, env.PATH ?? "", driver.program?.install ?? "");
  return { ...row, ...used, binary, isOk: level === "" && binary !== null, problem: level || missing };
}

/** Each role as it would be started now: by the settings, in this environment. */
export function roleRows(premises: Premises, env: Environment): { rows: RoleRow[]; notes: string[] } {
  const settings = settingsFrom(premises.settings.changes);
  const { bindings, notes } = bindingsFrom(settings, premises.saved, premises.drivers);
  return { rows: ROLES.map((role) => rowOf(role, bindings[role], { premises, settings, env })), notes };
}

/** A role in one line of a table: role, driver, level, folder, command, program. */
export function roleCells({ role, driver, cwd, command, permission, binary, isOk, problem }: RoleRow): string[] {
  if (driver === NONE) return [labelOf(role), driver, "", "", "", ""];
  const program = command === "" ? "built in" : (binary ?? "MISSING");
  return [labelOf(role), driver, permission, cwd, command, isOk ? `OK  ${program}` : `MISSING  ${problem}`];
}

/** Names that the environment must have for this driver (`env_require`), and values of the settings. */
export function needsOf(word: string, settings: Settings): { required: string[]; fixed: Environment } {
  const actor = actorOf(settings, driverIn(word));
  return { required: actor?.env_require ?? [], fixed: { ...settings.cli_profiles.env, ...actor?.peer.env } };
}
