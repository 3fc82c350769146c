import { Refusal } from "../core/refusal.ts";
import { type CommandSpec, text } from "./command.ts";
import { line, paint, table } from "./style.ts";

/** As `GET /api/sessions` answers. */
interface SessionRow {
  name: string;
  kind: "agent" | "window" | "unknown";
  agent?: string;
  pid?: number;
  isDead?: boolean;
}

const WORDS = { agent: "agent", window: "team's window", unknown: "unknown" } as const;

function shown(rows: SessionRow[]): string {
  if (rows.length === 0) return "No tmux sessions.";
  const cells = rows.map(({ name, kind, pid, isDead }) => [
    line(name),
    kind === "unknown" ? paint("yellow", WORDS[kind]) : WORDS[kind],
    pid === undefined ? "" : isDead ? "ended" : `process ${pid}`,
  ]);
  const unknown = rows.find(({ kind }) => kind === "unknown");
  const next = unknown ? `\n\nunknown: muster sessions adopt|kill ${line(unknown.name)}` : "";
  return `${table([["SESSION", "WHAT", "PROGRAM"].map((title) => paint("dim", title)), ...cells])}${next}`;
}

export const command: CommandSpec = {
  name: "sessions",
  usage: "sessions [adopt|kill NAME] [--agent DRIVER]",
  summary:
    "Lists Muster's tmux sessions, also those that the log knows nothing of. adopt takes such an agent over, kill ends a session.",
  examples: [
    "muster sessions",
    "muster sessions adopt a1b2c3d4 --agent claude",
    "muster sessions kill muster-a1b2c3d4",
  ],
  flags: { agent: { type: "string", value: "DRIVER", help: "adopt: which CLI runs there (claude)" } },
  takes: [0, 2],
  async run({ words, flags, daemon, isJson, print }) {
    const [verb, name] = words;
    if (verb !== undefined && verb !== "adopt" && verb !== "kill")
      throw new Refusal("usage", `sessions knows no ${verb}`, "adopt NAME, kill NAME");
    if (verb !== undefined && name === undefined)
      throw new Refusal("usage", `${verb} needs a session`, "muster sessions");
    const client = await daemon();
    if (verb === undefined) {
      const rows = await client.get<SessionRow[]>("/api/sessions");
      print(isJson ? JSON.stringify(rows, null, 1) : shown(rows));
      return 0;
    }
    const path = `/api/sessions/${encodeURIComponent(name ?? "")}/${verb}`;
    const done = await client.post<{ name?: string; agent?: string }>(
      path,
      verb === "adopt" ? { agent: text(flags, "agent") ?? "claude" } : {},
    );
    const what = line(done.agent ?? done.name ?? "");
    print(isJson ? JSON.stringify(done) : `${verb === "adopt" ? "adopted" : "ended"} ${what}`);
    return 0;
  },
};
