import type { Tokens } from "../core/jobs/account.ts";
import type { CommandSpec } from "./command.ts";
import { paint } from "./style.ts";

/** US dollars, and who says so; null = nobody knows. */
export interface CostView {
  cost: number | null;
  costFrom: "prices" | "cli" | null;
}

/** As `POST /api/actions/jobs/:id/usage` answers. */
interface UsageView extends CostView {
  agent: string;
  job: string | null;
  contextTokens: number | null;
  contextSize: number | null;
  tokens: Tokens | null;
}

const UNKNOWN = "unknown: its CLI has not told";

function contextWords({ contextTokens, contextSize }: UsageView): string {
  if (contextTokens === null) return UNKNOWN;
  if (!contextSize) return `${contextTokens} tokens, of an unknown size`;
  return `${contextTokens} of ${contextSize} tokens (${Math.round((100 * contextTokens) / contextSize)} %)`;
}

export const tokenWords = (tokens: Tokens | null): string =>
  tokens === null
    ? "unknown: no transcript tells"
    : `${tokens.input} in, ${tokens.output} out, cache ${tokens.cacheRead} read, ${tokens.cacheWrite} written`;

/** Sums below a cent are still sums. */
export function costWords({ cost, costFrom }: CostView): string {
  if (cost === null) return "unknown: its CLI has not told, and prices.json has no price for what it used";
  const dollars = cost < 0.01 ? "less than $0.01" : `$${cost.toFixed(2)}`;
  return costFrom === "prices" ? `${dollars} by prices.json` : `${dollars} as its CLI says`;
}

export const command: CommandSpec = {
  name: "usage",
  usage: "usage ID",
  summary:
    "What a job used so far: context, tokens, and cost, reckoned by prices.json or as its CLI tells it; what nobody knows is unknown.",
  examples: ["muster usage a1b2", "muster usage 'a1b2c3d4#1' --json"],
  flags: {},
  takes: [1, 1],
  async run({ words, daemon, isJson, print }) {
    const client = await daemon();
    const used = await client.post<UsageView>(`/api/actions/jobs/${encodeURIComponent(words[0] ?? "")}/usage`, {});
    const rows: [string, string][] = [
      ["context", contextWords(used)],
      ["tokens", tokenWords(used.tokens)],
      ["cost", costWords(used)],
    ];
    if (isJson) print(JSON.stringify(used, null, 1));
    else print(rows.map(([name, value]) => `${paint("dim", name.padEnd(8))} ${value}`).join("\n"));
    return 0;
  },
};
