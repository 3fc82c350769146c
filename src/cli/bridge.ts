import type { Client } from "../client/client.ts";
import type { BridgeFact } from "../core/bridges/facts.ts";
import { PLATFORMS as CHATS } from "../core/bridges/port.ts";
import type { Event } from "../core/facts.ts";
import { Refusal } from "../core/refusal.ts";
import type { State } from "../core/state.ts";
import { type Call, type CommandSpec, count, isSet, text } from "./command.ts";
import { ledgerLine } from "./ledger.ts";
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
const MOST_LINES = 1000;

/** One platform of a repository, as this command knows it. */
interface Row {
  platform: string;
  state: string;
  missing: string[];
  trouble?: string;
  chats?: { chat: string; right: string }[];
}

const missingWords = (variable: string): string => `${variable} (${KEYS[variable]})`;

function platformsIn(word: string): string[] {
  if (word === "all") return Object.keys(NEEDS);
  if (Object.hasOwn(NEEDS, word)) return [word];
  throw new Refusal("usage", `no platform ${word}`, `known: ${[...Object.keys(NEEDS), "all"].join(", ")}`);
}

function rowLines({ platform, state, missing, trouble, chats = [] }: Row): string[] {
  const token = missing.length > 0 ? `no token: ${missing.map(missingWords).join(", ")}` : "its token is there";
  const said = [platform, state, token, ...(trouble ? [trouble] : [])].join("  ");
  return [said, ...chats.map(({ chat, right }) => `    chat ${chat}  right ${right}`)];
}

/** What the daemon says; without one every bridge is off. */
async function statesOf({ daemon }: Call, repo: string): Promise<Map<string, Row>> {
  try {
    const rows = await (await daemon()).get<Row[]>(`/api/bridges?${new URLSearchParams({ repo })}`);
    return new Map(rows.map((row) => [row.platform, row]));
  } catch (error) {
    if (error instanceof Refusal && error.code === "unreachable") return new Map();
    throw error;
  }
}

async function status(call: Call, repo: string, rows: Row[]): Promise<number> {
  const known = await statesOf(call, repo);
  const merged = rows.map((row) => ({
    ...known.get(row.platform),
    ...row,
    state: known.get(row.platform)?.state ?? "off",
  }));
  call.print(call.isJson ? JSON.stringify(merged) : merged.flatMap(rowLines).join("\n"));
  return 0;
}

/** Is this a line of these platforms' log? */
const isOf = (event: Event, repo: string, platforms: string[]): boolean => {
  const { repo: own, platform } = event as Partial<Extract<BridgeFact, { platform: string }>>;
  return event.type.startsWith("bridge.") && own === repo && (platform === undefined || platforms.includes(platform));
};

async function logs({ flags, daemon, isJson, print }: Call, repo: string, platforms: string[]): Promise<number> {
  const lines = count(flags, "lines", MOST_LINES);
  const client: Client = await daemon();
  const { state } = await client.get<{ state: State }>("/api/state");
  const show = (events: Event[], now: State) => {
    for (const event of events.filter((one) => isOf(one, repo, platforms)))
      print(isJson ? JSON.stringify(event) : ledgerLine(event, now));
  };
  const query = new URLSearchParams({ about: repo, limit: String(MOST_LINES) });
  const { facts } = await client.get<{ facts: Event[] }>(`/api/ledger?${query}`);
  const past = facts.filter((event) => isOf(event, repo, platforms));
  show(lines === 0 ? [] : past.slice(-lines), state);
  if (!isSet(flags, "follow")) return 0;
  for await (const news of client.follow(new AbortController().signal)) show(news.facts, news.state);
  return 0;
}

async function pair({ flags, daemon, isJson, print }: Call, repo: string): Promise<number> {
  const order = { repo, right: text(flags, "rights"), platform: text(flags, "platform") };
  const made = await (await daemon()).post<{ code: string; right: string; until: number }>("/api/bridges/pair", order);
  if (isJson) print(JSON.stringify(made));
  else {
    const { code, right, until } = made;
    const end = new Date(until).toTimeString().slice(0, 5);
    print(`${code}\nIn the chat: /subscribe ${code}   (right ${right}; once, until ${end}, 5 tries)`);
  }
  return 0;
}

async function act({ daemon, isJson, print }: Call, repo: string, rows: Row[], word: string): Promise<number> {
  const [first] = rows.filter(({ missing }) => missing.length > 0);
  if (first && word !== "stop") {
    const what = `${first.platform} has no token: ${first.missing.map(missingWords).join(", ")}`;
    throw new Refusal("failed", what, `set the variable, or muster token set --platform ${first.platform}`);
  }
  const client = await daemon();
  for (const { platform } of rows) {
    const { did } = await client.post<{ did: string }>("/api/bridges", { repo, platform, act: word });
    print(isJson ? JSON.stringify({ platform, did }) : `${platform}  ${did}`);
  }
  return 0;
}

export const command: CommandSpec = {
  name: "bridge",
  usage: "bridge PLATFORM start|stop|status|restart|logs | bridge pair",
  summary: `Chats of a team: ${CHATS.join(", ")}, all. pair lets one chat in. No live chats are built in this version.`,
  examples: [
    "muster bridge pair --rights operate",
    "muster bridge all status --json",
    "muster bridge telegram logs -f",
  ],
  flags: {
    rights: { type: "string", value: "RIGHT", help: "pair: read, talk (default), operate or approve" },
    platform: { type: "string", value: "P", help: "pair: the code counts there only" },
    lines: { type: "string", short: "n", value: "N", default: "120", help: "logs: how many lines (120)" },
    follow: { type: "boolean", short: "f", help: "logs: go on with what happens from now on" },
  },
  takes: [1, 2],
  async run(call) {
    const { words, cwd, env, home } = call;
    const [platform = "", word = ""] = words;
    if (platform === "pair" && word === "") return pair(call, requireRepository(cwd));
    const platforms = platformsIn(platform);
    if (!ACTS.includes(word))
      throw new Refusal("usage", word ? `${word} means nothing` : "nothing to do was named", ACTS.join(", "));
    const repo = requireRepository(cwd);
    const stored = await readTokens(home, repo);
    const rows = platforms.map((name): Row => {
      const missing = (NEEDS[name] ?? []).filter((variable) => sourceOf(variable, stored, env) === null);
      return { platform: name, state: "off", missing };
    });
    if (word === "status") return status(call, repo, rows);
    if (word === "logs") return logs(call, repo, platforms);
    return act(call, repo, rows, word);
  },
};
