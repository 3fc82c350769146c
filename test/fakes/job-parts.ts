import { BUILT_IN_PRICES } from "../../src/core/jobs/prices.ts";
import type { Clock, Driver } from "../../src/core/ports.ts";
import { Refusal } from "../../src/core/refusal.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { JobAccounts } from "../../src/engine/jobs/accounts.ts";
import { JobDesk } from "../../src/engine/jobs/desk.ts";
import type { Operations } from "../../src/engine/operations.ts";
import type { ServerParts } from "../../src/server/parts.ts";

/** An answer of a part that a test does not need. */
export const nothing = () => Promise.reject(new Refusal("missing", "nothing is here"));

/** What a server asks about jobs: the real desk, transcripts of one line each, and one session that nobody knows. */
export function jobParts(
  engine: Engine,
  operations: Operations,
  clock: Clock,
): Pick<ServerParts, "jobs" | "accounts" | "worktrees" | "sessions"> {
  let controls = 0;
  return {
    jobs: new JobDesk({
      ...{ engine, operations, clock, random: { hex: (digits) => String(++controls).padStart(digits, "0") } },
      commandLine: ({ driver }) => [driver],
      mechanism: () => "nothing",
      prompt: ({ prompt }) => prompt,
      logSize: () => 100,
    }),
    accounts: new JobAccounts({
      state: () => engine.state,
      driverOf: () => ({ entry: (text: string) => ({ role: "assistant", text }) }) as unknown as Driver,
      transcript: async () => ({ path: "/t", text: "hello\n" }),
      reckoned: () => null,
      prices: () => BUILT_IN_PRICES,
    }),
    worktrees: {
      look: async (agent) => ({ agent, branch: `muster/${agent}`, dirty: [], commits: 0, diff: "" }),
      merge: async (agent) => ({ agent, commit: "abc1234", branch: "main" }),
      discard: async (agent) => ({ agent, kept: null }),
    },
    sessions: {
      rows: async () => [{ name: "muster-a1b2c3d4", kind: "unknown" }],
      adopt: async (agent) => ({ agent }),
      kill: async (name) => ({ name, kind: "unknown" }),
    },
  };
}
