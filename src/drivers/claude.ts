import type { Hire, Permission } from "../core/facts.ts";
import type { Driver, Launch, Place } from "../core/ports.ts";
import { entry, subagentFile } from "./claude-entry.ts";
import { hear } from "./claude-hear.ts";
import { decision, hookSettings, programs } from "./claude-hooks.ts";
import { read } from "./claude-screen.ts";
import { transcript } from "./claude-transcript.ts";
import { sessionId } from "./session-id.ts";

/** Facts about the CLI: docs/claude-code.md and the tests in test/real, seen with Claude Code 2.1.328. */

const PROGRAM = { name: "claude", install: "npm install -g @anthropic-ai/claude-code" };

/** Tools by which agents would talk past the log. */
const CROSS_SESSION = ["ListAgents", "SendMessage"];
/** A list of what may be there holds against every tool of a later version as well. */
const READ_ONLY_TOOLS = ["Read", "Glob", "Grep"];
const WRITERS = ["Bash", "PowerShell", "Write", "Edit", "NotebookEdit"];

const MODES: Record<Permission, string> = {
  "read-only": "dontAsk",
  "workspace-write": "acceptEdits",
  "danger-full-access": "bypassPermissions",
};

/** The lead speaks to Muster by its own command, over a socket that the CLI's sandbox would take away. */
const MUSTER = "muster";

/** Bash runs in the CLI's sandbox; only a lead's own command is let out of it. */
const sandboxOf = ({ role }: Hire) => ({
  ...{ enabled: true, autoAllowBashIfSandboxed: true },
  ...(role ? { excludedCommands: [MUSTER, `${MUSTER} *`] } : {}),
});

function settingsOf(hire: Hire, place: Place) {
  const isReader = hire.permission === "read-only";
  return {
    ...hookSettings(place, hire.agent),
    permissions: {
      // Not --add-dir: it asks "Is this a directory you created or one you trust?" and gives leave to write there.
      allow: [
        ...(isReader ? READ_ONLY_TOOLS : [`Read(/${place.letters}/**)`]),
        ...(hire.role && !isReader ? [`Bash(${MUSTER}:*)`] : []),
      ],
      deny: [...CROSS_SESSION, ...(isReader ? WRITERS : [])],
    },
    ...(hire.permission === "workspace-write" ? { sandbox: sandboxOf(hire) } : {}),
    crossSessionInbound: "refuse",
    // The panel splits every line of a wide screen.
    enabledPlugins: { "cc-plugin-diff@builtin": false },
    // Both change what stands in the composer without a key of ours or of the person.
    promptSuggestionEnabled: false,
    emojiCompletionEnabled: false,
  };
}

function flagsOf(hire: Hire, place: Place): string[] {
  const flags = ["--settings", `${place.folder}/settings.json`, "--permission-mode", MODES[hire.permission]];
  if (hire.model) flags.push("--model", hire.model);
  if (hire.effort) flags.push("--effort", hire.effort);
  if (hire.role) flags.push("--append-system-prompt", hire.role);
  if (hire.permission === "read-only") flags.push("--strict-mcp-config", "--tools", READ_ONLY_TOOLS.join(","));
  return flags;
}

function launch(hire: Hire, place: Place, resume?: string): Launch {
  const program = hire.command?.split(/\s+/).filter(Boolean) ?? [PROGRAM.name];
  const session = resume ? ["--resume", resume] : ["--session-id", sessionId(hire.agent, place)];
  const env: Record<string, string> = {
    MUSTER_AGENT: hire.agent,
    MUSTER_SOCKET: place.socket,
    DISABLE_AUTOUPDATER: "1",
  };
  if (hire.team) env.MUSTER_TEAM = hire.team;
  if (hire.seat) env.MUSTER_SEAT = hire.seat;
  return {
    argv: [...program, ...session, ...flagsOf(hire, place)],
    env,
    files: [
      { path: "settings.json", text: `${JSON.stringify(settingsOf(hire, place), null, 1)}\n` },
      ...programs(place, hire.agent, hire.seat ?? hire.agent),
    ],
  };
}

/** Real Claude Code in a terminal. */
export const claude: Driver = {
  name: "claude",
  program: PROGRAM,
  abilities: {
    queuesWhileBusy: true,
    receipt: "hook",
    permissions: {
      "read-only":
        "only the tools Read, Glob and Grep exist (--tools), no MCP servers (--strict-mcp-config), mode dontAsk; Bash and all writing tools are denied by rule as well",
      "workspace-write":
        "mode acceptEdits: file tools write inside the working folder; Bash runs in the CLI's sandbox where it has one (bubblewrap), else a person is asked",
      "danger-full-access": "mode bypassPermissions: nothing is asked, nothing is confined",
    },
    canResume: true,
    budgets: ["usd", "tokens"],
    typed: { lines: 3, chars: 700 },
    clear: "/clear",
    compact: "/compact",
    exit: "/exit",
  },
  launch,
  hear,
  read,
  transcript,
  entry,
  subagentFile,
  record: (place, pid) => `${place.configuration ?? `${place.home}/.claude`}/sessions/${pid}.json`,
  answer: decision,
};
