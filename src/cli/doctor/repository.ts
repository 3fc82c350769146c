import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../core/environment.ts";
import type { Premises } from "../../core/premises.ts";
import { Refusal } from "../../core/refusal.ts";
import { labelOf, NONE } from "../../core/settings/bindings.ts";
import type { Call } from "../command.ts";
import { premisesOf, type RoleRow, roleRows } from "../premises.ts";
import { variableOf, which } from "../programs.ts";
import { repositoryOf } from "../repository.ts";
import { PLATFORMS, readTokens, sourceOf } from "../tokens.ts";

/** One thing that was looked at. */
export interface Finding {
  name: string;
  /** null = not needed for everything. */
  ok: boolean | null;
  detail: string;
}

/** Drivers whose program a variable may name, built or not. */
const NAMED = ["claude", "codex", "gemini", "droid", "opencode"];

/** Programs that variables such as CLAUDE_I_CMD name must be there. */
export const overrides = (env: Environment): Finding[] =>
  NAMED.flatMap((driver): Finding[] => {
    const name = variableOf(driver);
    const given = env[name]?.trim();
    if (!given) return [];
    const path = which(given.split(/\s+/)[0] ?? "", env);
    return [{ name, ok: path !== null, detail: path ?? `${given} is not a program` }];
  });

function roleFinding(row: RoleRow, isPrepared: boolean): Finding {
  const { role, driver, permission, command, binary, isOk, problem } = row;
  const name = labelOf(role);
  if (driver === NONE) return { name, ok: null, detail: "nobody" };
  if (!isOk) return { name, ok: isPrepared ? false : null, detail: problem };
  return { name, ok: true, detail: `${driver}, ${permission}  ${command === "" ? "built in" : binary}` };
}

function roleFindings(premises: Premises, env: Environment, isPrepared: boolean): Finding[] {
  const { rows, notes } = roleRows(premises, env);
  const said = notes.map((detail): Finding => ({ name: "roles", ok: null, detail }));
  return [...rows.map((row) => roleFinding(row, isPrepared)), ...said];
}

const settingsFindings = ({ settings: { problems } }: Premises): Finding[] =>
  problems.length === 0
    ? [{ name: "settings", ok: true, detail: "sound" }]
    : problems.map(({ level, text }) => ({ name: "settings", ok: level === "error" ? false : null, detail: text }));

const boardFindings = ({ hasBrief, hasBoard }: Premises): Finding[] => [
  {
    name: "PROJECT.md",
    ok: hasBrief ? true : null,
    detail: hasBrief ? "there" : "missing: agents get no brief; muster init makes one to fill in",
  },
  {
    name: "POR.md",
    ok: hasBoard ? true : null,
    detail: hasBoard ? "there" : "missing: muster init makes docs/por/POR.md",
  },
];

async function tokenFindings({ home, env }: Call, repo: string): Promise<Finding[]> {
  const stored = await readTokens(home, repo);
  const kinds = Object.entries(PLATFORMS).flatMap(([name, all]) => all.map(({ variable }) => ({ name, variable })));
  const tokens = kinds.map(({ name, variable }): Finding => {
    const source = sourceOf(variable, stored, env);
    return { name: variable, ok: null, detail: source ?? `none; muster token set --platform ${name} keeps one` };
  });
  return [
    ...tokens,
    {
      name: "bridges",
      ok: null,
      detail: "Telegram, Slack and Discord cannot be connected yet; muster dashboard and muster send reach a team",
    },
  ];
}

function repositoryFinding(repo: string, isPrepared: boolean): Finding {
  try {
    accessSync(repo, constants.W_OK);
  } catch {
    return { name: "repository", ok: false, detail: `${repo} may not be written` };
  }
  return {
    name: "repository",
    ok: isPrepared ? true : null,
    detail: isPrepared ? repo : `${repo}; muster init prepares it`,
  };
}

/** What the daemon finds in the repository where a person stands. Its own refusal is a finding. */
export async function repositoryFindings(call: Call, isAll: boolean): Promise<Finding[]> {
  const repo = repositoryOf(call.cwd);
  if (repo === null)
    return [{ name: "repository", ok: null, detail: "this folder is in no git repository; a team needs one" }];
  const isPrepared = existsSync(join(repo, ".muster"));
  const here = repositoryFinding(repo, isPrepared);
  try {
    const premises = await premisesOf(await call.daemon(), repo);
    const roles = roleFindings(premises, call.env, isPrepared);
    if (!isAll) return roles;
    const rest = [...settingsFindings(premises), ...boardFindings(premises), ...(await tokenFindings(call, repo))];
    return [here, ...roles, ...rest];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return [here, { name: "daemon", ok: false, detail: `${error.message}${error.hint ? `; ${error.hint}` : ""}` }];
  }
}
