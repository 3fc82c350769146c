import type { Launch, Place } from "../core/ports.ts";
import { quoted } from "../core/shell-word.ts";
import { promptHook, promptHookCommand } from "./prompt-hook.ts";

/** Field of a spooled PermissionRequest: the name of the fifo in `answers/` that takes the decision, one line of JSON. */
export const ANSWER = "muster_answer";

/** Where the prompt hook stands in an agent's folder; without it prompts leave no receipt and none is refused. */
export const PROMPT_HOOK = "hooks/prompt.sh";

/** What both programs share: private files, the whole payload, one spool file per event. */
const head = (place: Place, agent: string): string => `#!/bin/sh
umask 077
payload=$(cat)
spool() { { printf '%s\\n' "$1" >> ${quoted(`${place.spool}/${agent}.`)}$$.json; } 2>/dev/null; }
`;

/**
 * Waits at a fifo of its own for one line, without polling and without a second process. The fifo is opened for both
 * directions before the event is told: an answer at once finds a reader, and a writer never blocks. Killed by the CLI
 * (person answered, time is up) it leaves the fifo without a reader, so that a writer sees ENXIO. An empty line ends it
 * without a decision; the dialog then stays for the person.
 */
const permission = (place: Place): string => `
folder=${quoted(`${place.folder}/answers`)}
fifo=$folder/$$.fifo
mkdir -p "$folder" && rm -f "$fifo" && mkfifo "$fifo" || { spool "$payload"; exit 0; }
exec 3<>"$fifo"
spool "{\\"${ANSWER}\\":\\"$$.fifo\\",\${payload#?}"
IFS= read -r decision <&3
rm -f "$fifo"
[ -z "$decision" ] || printf '%s\\n' "$decision"
exit 0
`;

const status = (name: string): string => `
spool "{\\"hook_event_name\\":\\"StatusLine\\",\${payload#?}"
printf '%s\\n' ${quoted(`muster ${name}`)}
exit 0
`;

/** The programs which the settings name. */
export function programs(place: Place, agent: string, name: string): Launch["files"] {
  return [
    { path: PROMPT_HOOK, text: promptHook(place, agent), isProgram: true },
    { path: "hooks/permission.sh", text: head(place, agent) + permission(place), isProgram: true },
    { path: "hooks/status.sh", text: head(place, agent) + status(name), isProgram: true },
  ];
}

const SPOOLED = [
  "SessionStart",
  "PreToolUse",
  "PostToolUse",
  "PostToolUseFailure",
  "Notification",
  "Stop",
  "StopFailure",
  "SubagentStop",
  "PreCompact",
  "PostCompact",
];

interface CommandHook {
  type: "command";
  command: string;
  /** Seconds. */
  timeout: number;
  async?: boolean;
}

/** Hooks and status line of the settings file. */
export function hookSettings(place: Place, agent: string) {
  // No `exec`: dash leaves with 2 when its redirection fails, and 2 tells the CLI to stop what it does.
  const spooling: CommandHook = {
    type: "command",
    command: `umask 077; { cat >> ${quoted(`${place.spool}/${agent}.`)}$$.json; } 2>/dev/null; exit 0`,
    timeout: 5,
  };
  // Read into the CLI's own shell: a missing program ends with 0, and no second shell is started.
  const program = (name: string, timeout: number): CommandHook => ({
    type: "command",
    command: promptHookCommand(`${place.folder}/hooks/${name}.sh`),
    timeout,
  });
  const table: Record<string, { hooks: CommandHook[] }[]> = {};
  for (const event of SPOOLED) table[event] = [{ hooks: [{ ...spooling, async: true }] }];
  // Not asynchronous: the process ends right after it.
  table.SessionEnd = [{ hooks: [spooling] }];
  table.UserPromptSubmit = [{ hooks: [program("prompt", 5)] }];
  table.PermissionRequest = [{ hooks: [program("permission", 600)] }];
  return { hooks: table, statusLine: { type: "command", command: program("status", 5).command } };
}

/** What a PermissionRequest hook prints to answer its dialog (seen with Claude Code 2.1.328). */
export const decision = (choice: "allow" | "deny", reason: string): Record<string, unknown> => ({
  hookSpecificOutput: {
    hookEventName: "PermissionRequest",
    decision: choice === "allow" ? { behavior: "allow" } : { behavior: "deny", message: reason },
  },
});
