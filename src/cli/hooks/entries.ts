import { quoted } from "../../core/shell-word.ts";

/** What Claude Code tells Muster about sessions that Muster did not start; `other` tools and events stay untold. */
const EVENTS: Record<string, { matcher?: string; isLast?: boolean }> = {
  PreToolUse: {},
  PostToolUse: { matcher: "Write|Edit|Bash" },
  PostToolUseFailure: {},
  Stop: {},
  Notification: {},
  SessionStart: {},
  // Not asynchronous: the CLI's process ends right after it.
  SessionEnd: { isLast: true },
  PreCompact: {},
};

/** One of Claude Code's settings: where it stands and what it says. */
export interface Entry {
  event: string;
  value: unknown;
}

/** Read into the CLI's own shell: a missing program ends with 0, and no second shell is started. */
const commandOf = (relay: string, event: string): string =>
  `[ -r ${relay} ] && muster_event=${event} && . ${relay}; exit 0`;

/** `relay`: the program as a shell reads it. */
const entriesOf = (relay: string): Entry[] =>
  Object.entries(EVENTS).map(([event, { matcher, isLast }]) => {
    const hook = { type: "command", command: commandOf(relay, event), timeout: 5 };
    return { event, value: { ...(matcher ? { matcher } : {}), hooks: [isLast ? hook : { ...hook, async: true }] } };
  });

/** Entries of a person's settings, which name the relay program by its place. */
export const entriesFor = (relay: string): Entry[] => entriesOf(quoted(relay));

/** `hooks.json` of the plugin; the CLI says where the plugin is. */
export const pluginHooks = () => ({
  description: "Tells Muster what this session does. Only watches, never fails.",
  hooks: Object.fromEntries(
    entriesOf(`"\${CLAUDE_PLUGIN_ROOT}/hooks/relay-event.sh"`).map(({ event, value }) => [event, [value]]),
  ),
});

/** The status line of a person's own sessions. */
export const statusLineFor = (program: string) => ({
  type: "command",
  command: `[ -r ${quoted(program)} ] && . ${quoted(program)}; exit 0`,
});

/** What every command of ours has in it, and nobody else's: the begin of a path in our folder, as a shell reads it. */
export const markOf = (folder: string): string => quoted(`${folder}/`).slice(0, -1);

const commandIn = (value: unknown): string => {
  const { command } = (value ?? {}) as { command?: unknown };
  return typeof command === "string" ? command : "";
};

/** Is this hook, or this status line, one of ours? */
export const isOurs = (value: unknown, mark: string): boolean => commandIn(value).includes(mark);
