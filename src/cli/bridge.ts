import { Refusal } from "../core/refusal.ts";
import type { CommandSpec } from "./command.ts";
import { requireRepository } from "./repository.ts";
import { PLATFORMS, readTokens, sourceOf } from "./tokens.ts";

/** WeCom takes an address instead of a token. */
const NEEDS: Record<string, string[]> = {
  ...Object.fromEntries(
    Object.entries(PLATFORMS).map(([name, kinds]) => [name, kinds.map(({ variable }) => variable)]),
  ),
  wecom: ["WECOM_WEBHOOK_URL"],
};
const KEYS: Record<string, string> = {
  TELEGRAM_BOT_TOKEN: "telegram.yaml token_env",
  SLACK_APP_TOKEN: "slack.yaml app_token_env",
  SLACK_BOT_TOKEN: "slack.yaml bot_token_env",
  DISCORD_BOT_TOKEN: "discord.yaml bot_token_env",
  WECOM_WEBHOOK_URL: "wecom.yaml webhook_url_env",
};
const ACTS = ["start", "stop", "status", "restart", "logs"];

const missingWords = (variable: string): string => `${variable} (${KEYS[variable]})`;

function platformsIn(word: string): string[] {
  if (word === "all") return Object.keys(NEEDS);
  if (Object.hasOwn(NEEDS, word)) return [word];
  throw new Refusal("usage", `no platform ${word}`, `known: ${[...Object.keys(NEEDS), "all"].join(", ")}`);
}

export const command: CommandSpec = {
  name: "bridge",
  usage: "bridge PLATFORM start|stop|status|restart|logs",
  summary:
    "Chats of a team: telegram, slack, discord, wecom, all. This version knows their tokens and no live chats yet.",
  examples: ["muster bridge telegram status", "muster bridge all status --json"],
  flags: {},
  takes: [2, 2],
  async run({ words, cwd, env, home, isJson, print }) {
    const [platform = "", act = ""] = words;
    const platforms = platformsIn(platform);
    if (!ACTS.includes(act)) throw new Refusal("usage", `${act} means nothing`, ACTS.join(", "));
    const stored = await readTokens(home, requireRepository(cwd));
    const rows = platforms.map((name) => {
      const missing = (NEEDS[name] ?? []).filter((variable) => sourceOf(variable, stored, env) === null);
      return { platform: name, state: "off", missing };
    });
    if (act === "status") {
      const said = ({ platform: name, missing }: (typeof rows)[number]) =>
        `${name}  off  ${missing.length > 0 ? `no token: ${missing.map(missingWords).join(", ")}` : "its token is there"}`;
      print(isJson ? JSON.stringify(rows) : rows.map(said).join("\n"));
      return 0;
    }
    const [first] = rows.filter(({ missing }) => missing.length > 0);
    if (first && act !== "stop") {
      const what = `${first.platform} has no token: ${first.missing.map(missingWords).join(", ")}`;
      throw new Refusal("failed", what, `set the variable, or muster token set --platform ${first.platform}`);
    }
    throw new Refusal("state", "live chats are not built yet", "the page, the console and this command line are");
  },
};
