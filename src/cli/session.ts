import type { SessionAccount, TranscriptEntry } from "../core/jobs/account.ts";
import type { CommandSpec } from "./command.ts";
import { duration, line, paint } from "./style.ts";
import { type CostView, costWords, tokenWords } from "./usage.ts";

/** As `GET /api/jobs/:id/session` answers. */
interface SessionView extends CostView {
  agent: string;
  job: string | null;
  session: string | null;
  path: string;
  account: SessionAccount;
  entries: TranscriptEntry[];
}

function entryLines({ at, role, text, tools = [], failed }: TranscriptEntry): string[] {
  const time = paint("dim", (at ?? "").slice(11, 19).padEnd(8));
  return [
    ...(role && text ? [`${time} ${paint("bold", role === "user" ? "user " : "agent")} ${line(text)}`] : []),
    ...tools.map(({ name, file, input }) => `${time} ${paint("cyan", "tool ")} ${line(`${name} ${file ?? input}`)}`),
    ...(failed ? [`${time} ${paint("red", "tool  failed")}`] : []),
  ];
}

function counted({ messages, tools, failedTools }: SessionAccount): string {
  const calls = Object.entries(tools).map(([name, count]) => `${name} ${count}`);
  const failed = failedTools > 0 ? `, ${failedTools} failed` : "";
  return `${messages.user} of the user, ${messages.assistant} of the agent; tools: ${line(calls.join(", ")) || "none"}${failed}`;
}

function shown(view: SessionView): string {
  const { account, entries, session, path } = view;
  const rows: [string, string][] = [
    ["session", line(session ?? "unknown")],
    ["model", line(account.model ?? "unknown")],
    ["messages", counted(account)],
    ["tokens", tokenWords(account.tokens)],
    ["cost", costWords(view)],
    ["files", line(account.files.join(", ")) || "none changed"],
    ["duration", account.duration === null ? "unknown" : duration(account.duration)],
    ["summary", line(account.summary) || "none"],
    ["file", line(path)],
  ];
  const totals = rows.map(([name, value]) => `${paint("dim", name.padEnd(9))} ${value}`);
  return [...entries.flatMap(entryLines), ...(entries.length > 0 ? [""] : []), ...totals].join("\n");
}

export const command: CommandSpec = {
  name: "session",
  usage: "session ID",
  summary:
    "The conversation of a job as its CLI wrote it down, and what it came to: messages, tool calls, tokens, cost, files, duration, last words.",
  examples: ["muster session a1b2", "muster session 'a1b2c3d4#1' --json | jq .account.tokens"],
  flags: {},
  takes: [1, 1],
  async run({ words, daemon, isJson, print }) {
    const client = await daemon();
    const view = await client.get<SessionView>(`/api/jobs/${encodeURIComponent(words[0] ?? "")}/session`);
    print(isJson ? JSON.stringify(view, null, 1) : shown(view));
    return 0;
  },
};
