import type { Call, CommandSpec, Values } from "../../src/cli/command.ts";
import { COMMANDS } from "../../src/cli/commands.ts";
import type { Client } from "../../src/client/client.ts";
import { homeAt } from "../../src/client/home.ts";
import type { Premises } from "../../src/core/premises.ts";
import { REFUSALS, Refusal } from "../../src/core/refusal.ts";
import type { SettingsChanges } from "../../src/core/settings/settings.ts";

/** A repository as the daemon would find it: drivers claude (any level) and standin (workspace-write). */
export const premises = (changes: SettingsChanges = {}, more: Partial<Premises> = {}): Premises => ({
  repo: "/r",
  settings: { hash: "h", changes, problems: [] },
  ...{ saved: [], isPermitted: false, residual: {}, hasBrief: true, hasBoard: true },
  drivers: [
    {
      name: "claude",
      program: { name: "claude", install: "install claude" },
      permissions: ["read-only", "workspace-write", "danger-full-access"],
    },
    { name: "standin", permissions: ["workspace-write"] },
  ],
  ...more,
});

/** A daemon that answers from a table, and keeps what it was sent. */
export function fakeDaemon(answers: Record<string, unknown>) {
  const posted: [path: string, body: unknown][] = [];
  const answer = <T>(path: string): T => {
    const found = answers[path.split("?")[0] ?? ""];
    if (found instanceof Error) throw found;
    return found as T;
  };
  const client = {
    get: async <T>(path: string) => answer<T>(path),
    post: async <T>(path: string, body: unknown) => {
      posted.push([path, body]);
      return answer<T>(path);
    },
    delete: async <T>(path: string) => {
      posted.push([`DELETE ${path}`, undefined]);
      return answer<T>(path);
    },
  } as Client;
  return { client, posted };
}

interface CallOrder {
  words?: string[];
  flags?: Values;
  cwd?: string;
  home?: string;
  env?: Record<string, string>;
  client?: Client;
  isJson?: boolean;
}

/** One call of a command without a terminal; `printed` is what it printed. */
export function fakeCall({
  words = [],
  flags = {},
  cwd = "/",
  home = "/nowhere",
  env = {},
  client,
  isJson = false,
}: CallOrder) {
  const printed: string[] = [];
  const call: Call = {
    ...{
      words,
      flags,
      isJson,
      cwd,
      env,
      isTty: false,
      commands: COMMANDS,
      home: homeAt(home),
      write: () => {},
      written: async () => {},
    },
    print: (text) => void printed.push(text),
    daemon: async () => {
      if (client) return client;
      throw new Refusal("unreachable", "the daemon does not answer");
    },
  };
  return { call, printed };
}

/** What a command printed and how it ended, as its caller sees it. */
export async function ran(command: CommandSpec, order: CallOrder): Promise<{ out: string; err: string; code: number }> {
  const { call, printed } = fakeCall(order);
  try {
    const code = await command.run(call);
    return { out: printed.join("\n"), err: "", code };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const err = `${error.message}${error.hint ? `; ${error.hint}` : ""}`;
    return { out: printed.join("\n"), err, code: REFUSALS[error.code].exit };
  }
}
