import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../core/environment.ts";
import { which } from "../programs.ts";
import { version } from "./machine.ts";
import type { Finding } from "./repository.ts";

/** CLIs that may be found on a machine besides Claude Code, which has a line of its own. */
const OTHERS = ["codex", "gemini", "droid", "opencode", "aider"];

const KEYS = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"];

/** Is somebody logged in, as far as can be seen without reading a secret? */
function loginOf(env: Environment): string {
  const key = KEYS.find((name) => env[name]);
  if (key) return `logged in by ${key}`;
  const folder = env.CLAUDE_CONFIG_DIR || join(env.HOME ?? "", ".claude");
  if (existsSync(join(folder, ".credentials.json"))) return "logged in";
  const state = env.CLAUDE_CONFIG_DIR ? join(folder, ".claude.json") : join(env.HOME ?? "", ".claude.json");
  try {
    // On macOS the secret is in the keychain; the account's name is here.
    if ((JSON.parse(readFileSync(state, "utf8")) as Record<string, unknown>).oauthAccount) return "logged in";
  } catch {
    // Missing or torn: nothing is known of a login.
  }
  return "no login seen: start claude once and log in";
}

/** Each CLI that could be an agent, with its login where it can be told. */
export function driverFindings(env: Environment): Finding[] {
  const found = OTHERS.flatMap((name): Finding[] => {
    const path = which(name, env);
    return path
      ? [{ name, ok: null, detail: `${version([path, "--version"])}  ${path}; not driven by this version` }]
      : [];
  });
  if (!which("claude", env)) return found;
  const login = loginOf(env);
  return [{ name: "login", ok: login.startsWith("logged in") ? true : null, detail: `claude: ${login}` }, ...found];
}
