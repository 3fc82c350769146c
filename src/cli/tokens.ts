import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type Home, secretsOf } from "../client/home.ts";
import type { Environment } from "../core/environment.ts";
import { Refusal } from "../core/refusal.ts";

/** A secret that a platform needs: the variable it may come from, and its form. */
export interface TokenKind {
  variable: string;
  /** What a person sees where it is asked for. */
  words: string;
  form: RegExp;
}

export const PLATFORMS: Record<string, TokenKind[]> = {
  telegram: [
    { variable: "TELEGRAM_BOT_TOKEN", words: "digits, a colon, 35 letters", form: /^\d{6,12}:[A-Za-z0-9_-]{30,50}$/ },
  ],
  slack: [
    { variable: "SLACK_APP_TOKEN", words: "xapp-...", form: /^xapp-[A-Za-z0-9-]{10,200}$/ },
    { variable: "SLACK_BOT_TOKEN", words: "xoxb-...", form: /^xoxb-[A-Za-z0-9-]{10,200}$/ },
  ],
  discord: [
    {
      variable: "DISCORD_BOT_TOKEN",
      words: "three parts with dots between",
      form: /^[A-Za-z0-9_-]{20,40}\.[A-Za-z0-9_-]{5,10}\.[A-Za-z0-9_-]{25,50}$/,
    },
  ],
};

/** What a platform needs; refuses one that is not known. */
export function kindsOf(platform: string): TokenKind[] {
  const kinds = Object.hasOwn(PLATFORMS, platform) ? PLATFORMS[platform] : undefined;
  if (kinds) return kinds;
  throw new Refusal("usage", `no platform ${platform}`, `known: ${Object.keys(PLATFORMS).join(", ")}`);
}

/** Which secret of a platform this is; refuses what is none. Nothing of the text is told. */
export function kindOf(platform: string, value: string): TokenKind {
  const kinds = kindsOf(platform);
  if (value === "") throw new Refusal("usage", "the token is empty", "nothing was stored");
  const kind = kinds.find(({ form }) => form.test(value));
  if (kind) return kind;
  const forms = kinds.map(({ variable, words }) => `${variable}: ${words}`).join("; ");
  throw new Refusal("usage", `this is no token of ${platform}`, `${forms}. Nothing was stored`);
}

/** The stored secrets of a repository, by their variables. */
export async function readTokens(home: Home, repo: string): Promise<Record<string, string>> {
  const path = secretsOf(home, repo);
  if (!existsSync(path)) return {};
  const { parse } = await import("yaml");
  const found: unknown = parse(readFileSync(path, "utf8"));
  const entries = Object.entries(typeof found === "object" && found !== null ? found : {});
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

/** Written beside and renamed, for its owner only. Without any secret the file goes. */
export function writeTokens(home: Home, repo: string, tokens: Record<string, string>): void {
  const path = secretsOf(home, repo);
  const lines = Object.entries(tokens).map(([variable, value]) => `${variable}: ${JSON.stringify(value)}\n`);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.tmp`;
  rmSync(temporary, { force: true });
  if (lines.length === 0) {
    rmSync(path, { force: true });
    return;
  }
  writeFileSync(temporary, lines.join(""), { mode: 0o600, flag: "wx" });
  renameSync(temporary, path);
}

const SHOWN = 4;

/** All but the first four and the last four letters, and never more than half of them. */
export const masked = (value: string): string =>
  value.length < 4 * SHOWN
    ? "*".repeat(value.length)
    : `${value.slice(0, SHOWN)}${"*".repeat(value.length - 2 * SHOWN)}${value.slice(-SHOWN)}`;

/** Where a secret comes from: the environment goes first. */
export function sourceOf(variable: string, stored: Record<string, string>, env: Environment): string | null {
  if (env[variable]) return `${variable} of the environment`;
  return stored[variable] === undefined ? null : "muster token";
}
