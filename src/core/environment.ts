export type Environment = Record<string, string | undefined>;

/** What every program gets that Muster starts for a person; nothing else passes (security S20). */
const EVERYWHERE = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"];

/** What every agent gets besides. */
const AGENTS = ["COLORTERM", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"];

/** What a CLI needs of its own: where its model is and how the person logs in. */
const DRIVERS: Record<string, string[]> = {
  claude: [
    ...["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL", "ANTHROPIC_MODEL", "CLAUDE_CONFIG_DIR"],
    ...["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "CLAUDE_CODE_MAX_RETRIES", "IS_SANDBOX"],
  ],
};

/** What of it decides whose login a CLI uses; what is not named here keeps its login at home. */
const LOGINS: Record<string, string[]> = {
  claude: ["HOME", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL", "CLAUDE_CONFIG_DIR"],
};

/** What lint and test of somebody else's code get besides: no tokens, no keys, nothing of Muster. */
const CHECKS = [
  ...["TERM", "GOPATH", "GOROOT", "GOCACHE", "CARGO_HOME", "RUSTUP_HOME", "JAVA_HOME", "VIRTUAL_ENV", "PYENV_ROOT"],
  ...["NVM_DIR", "BUN_INSTALL", "PNPM_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"],
];

/** How a person wants patches checked, whatever the repository says (P44). */
const COMMANDS = ["LINT_CMD", "TEST_CMD", "FULL_TEST_CMD"];

/** How a person has a driver's program started, whichever role the driver has (P13). */
const PROGRAMS = ["CLAUDE_I_CMD", "CODEX_I_CMD", "GEMINI_I_CMD", "DROID_I_CMD", "OPENCODE_I_CMD"];

function only(env: Environment, names: string[]): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of names) {
    const value = env[name];
    if (value !== undefined) passed[name] = value;
  }
  return passed;
}

/** The environment of an agent's CLI. */
export const agentEnvironment = (driver: string, env: Environment): Record<string, string> =>
  only(env, [...EVERYWHERE, ...AGENTS, ...(DRIVERS[driver] ?? [])]);

/** Everything that decides whose login a driver's CLI uses in an environment. It may hold a key: nothing but a digest of it is kept. */
export const loginIn = (driver: string, env: Environment): string =>
  JSON.stringify([driver, ...(LOGINS[driver] ?? ["HOME"]).map((name) => env[name] ?? null)]);

/** The environment of a repository's own lint and test commands. */
export const checkEnvironment = (env: Environment): Record<string, string> => only(env, [...EVERYWHERE, ...CHECKS]);

/** All that a daemon may need of whoever starts an agent or a team: it serves several shells, and none stands for another. */
export const callerEnvironment = (env: Environment): Record<string, string> =>
  only(env, [...EVERYWHERE, ...AGENTS, ...Object.values(DRIVERS).flat(), ...CHECKS, ...COMMANDS, ...PROGRAMS]);
