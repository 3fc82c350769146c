import { callerEnvironment, type Environment } from "../../core/environment.ts";
import type { Permission } from "../../core/facts.ts";
import type { Premises, ResidualAnswer } from "../../core/premises.ts";
import { type Bindings, levelOf, NONE, type Role, requireLevel } from "../../core/settings/bindings.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { namedCommand, needsOf } from "../premises.ts";
import { programFor } from "../programs.ts";

/** What was chosen for a team, from flags, wizard and settings together. */
export interface TeamChoice {
  premises: Premises;
  settings: Settings;
  bindings: Bindings;
  /** For both peers; absent = each by its settings. */
  permission?: Permission;
  /** Programs given on the command line. */
  commands: Partial<Record<Role, string>>;
  accept?: string;
  residual: ResidualAnswer;
  /** Values that were asked for. */
  secrets: Environment;
  env: Environment;
}

type Peer = "peerA" | "peerB";

/** Names that the drivers of these peers need and nobody has given. */
export function missingVariables({
  bindings,
  settings,
  env,
}: Pick<TeamChoice, "bindings" | "settings" | "env">): string[] {
  const words = [bindings.peerA, bindings.peerB].filter((word) => word !== NONE);
  const required = words.flatMap((word) => needsOf(word, settings).required);
  return [...new Set(required)].filter((name) => !env[name]);
}

function seatOrder(peer: Peer, choice: TeamChoice) {
  const { settings, bindings, env, premises } = choice;
  const word = bindings[peer];
  const sandbox = choice.permission ?? levelOf(settings, peer);
  requireLevel(peer, word, sandbox, premises.drivers);
  const { required, fixed } = needsOf(word, settings);
  const given = Object.fromEntries(required.map((name) => [name, env[name] || choice.secrets[name]]));
  return {
    driver: word,
    command: choice.commands[peer] ?? programFor(word, env) ?? namedCommand(peer, word, settings, env)?.command,
    sandbox,
    cwd: settings.cli_profiles.roles[peer].cwd,
    env: { ...fixed, ...given },
  };
}

/** What the daemon is asked for. */
export function teamOrder(choice: TeamChoice, more: { name?: string; task?: string; trust: boolean }) {
  const { premises, bindings, accept, residual, env } = choice;
  return {
    ...more,
    repo: premises.repo,
    peerA: seatOrder("peerA", choice),
    peerB: bindings.peerB === NONE ? undefined : seatOrder("peerB", choice),
    environment: callerEnvironment(env),
    accept,
    residual,
  };
}
