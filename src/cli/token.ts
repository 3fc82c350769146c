import { readFileSync } from "node:fs";
import { secretsOf } from "../client/home.ts";
import { Refusal } from "../core/refusal.ts";
import { type Call, type CommandSpec, text } from "./command.ts";
import { requireRepository } from "./repository.ts";
import { kindOf, kindsOf, masked, readTokens, sourceOf, writeTokens } from "./tokens.ts";
import { openAsker } from "./wizard/terminal.ts";

async function given(call: Call, platform: string): Promise<string> {
  const value = call.words[1];
  if (value !== undefined && value !== "-") return value.trim();
  const asker = value === undefined ? openAsker(call) : null;
  if (!asker) return readFileSync(0, "utf8").trim();
  const kinds = kindsOf(platform).map(({ variable }) => variable);
  return (await asker.ask(`Token of ${platform} (${kinds.join(" or ")}): `, { isHidden: true }))?.trim() ?? "";
}

async function set(call: Call, repo: string, platform: string): Promise<object> {
  kindsOf(platform);
  const value = await given(call, platform);
  const { variable } = kindOf(platform, value);
  writeTokens(call.home, repo, { ...(await readTokens(call.home, repo)), [variable]: value });
  return { stored: variable, path: secretsOf(call.home, repo) };
}

async function unset({ home }: Call, repo: string, platform: string): Promise<object> {
  const tokens = await readTokens(home, repo);
  const gone = kindsOf(platform)
    .map(({ variable }) => variable)
    .filter((variable) => variable in tokens);
  for (const variable of gone) delete tokens[variable];
  writeTokens(home, repo, tokens);
  return { removed: gone };
}

async function show({ home, env }: Call, repo: string, platform: string): Promise<object> {
  const stored = await readTokens(home, repo);
  const rows = kindsOf(platform).map(({ variable }) => {
    const value = env[variable] || stored[variable];
    return [variable, value ? `${masked(value)} (${sourceOf(variable, stored, env)})` : "none"];
  });
  return Object.fromEntries(rows);
}

const WORDS = { set, unset, show };

const said = (result: object): string =>
  Object.entries(result)
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(", ") || "nothing" : value}`)
    .join("\n");

export const command: CommandSpec = {
  name: "token",
  usage: "token set [VALUE|-] | unset | show [--platform NAME]",
  summary:
    "Keeps a chat's token for this repository, outside of it and readable by you only. Without VALUE it is asked for without showing it; - reads it from standard input.",
  examples: ["muster token set", "muster token show --platform slack", "muster token unset"],
  flags: {
    platform: { type: "string", value: "NAME", default: "telegram", help: "telegram (default), slack, discord" },
  },
  takes: [1, 2],
  async run(call) {
    const [word = "", value] = call.words;
    const act = Object.hasOwn(WORDS, word) ? WORDS[word as keyof typeof WORDS] : undefined;
    if (!act || (value !== undefined && word !== "set"))
      throw new Refusal("usage", `token ${call.words.join(" ")} means nothing`, "muster token set, unset or show");
    const repo = requireRepository(call.cwd);
    const result = await act(call, repo, text(call.flags, "platform") ?? "telegram");
    call.print(call.isJson ? JSON.stringify(result) : said(result));
    return 0;
  },
};
