import type { Tokens } from "./account.ts";

/** US dollars for a million tokens of each kind. */
export interface Price {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

/** What models cost, and when somebody last looked. */
export interface PriceTable {
  /** `YYYY-MM-DD`. */
  date: string;
  /** By model; a name that ends in `*` is the beginning of one. */
  models: Record<string, Price>;
}

const price = (input: number, output: number): Price => ({
  ...{ input, output },
  cacheRead: input / 10,
  cacheWrite: (input * 5) / 4,
});

/** What Muster comes with: list prices of the makers, cache for five minutes. */
export const BUILT_IN_PRICES: PriceTable = {
  date: "2026-01-15",
  models: {
    // As Claude Code 2.1.328 itself reckons it.
    "claude-opus-5*": price(4, 20),
    "claude-opus-4-5*": price(5, 25),
    "claude-opus-4*": price(15, 75),
    "claude-sonnet-4*": price(3, 15),
    "claude-haiku-4*": price(1, 5),
    "claude-3-7-sonnet*": price(3, 15),
    "claude-3-5-sonnet*": price(3, 15),
    "claude-3-5-haiku*": { input: 0.8, output: 4, cacheRead: 0.08, cacheWrite: 1 },
    "gpt-5*": { input: 1.25, output: 10, cacheRead: 0.125, cacheWrite: 1.25 },
    "gemini-2.5-pro*": { input: 1.25, output: 10, cacheRead: 0.3125, cacheWrite: 1.25 },
    "gemini-2.5-flash*": { input: 0.3, output: 2.5, cacheRead: 0.075, cacheWrite: 0.3 },
  },
};

const MILLION = 1_000_000;

/** The price of a model: of its own name, else of the longest beginning; null = unknown. */
function priceOf({ models }: PriceTable, model: string): Price | null {
  if (Object.hasOwn(models, model)) return models[model] ?? null;
  const names = Object.keys(models).filter((name) => name.endsWith("*") && model.startsWith(name.slice(0, -1)));
  const [longest] = names.toSorted((left, right) => right.length - left.length);
  return longest === undefined ? null : (models[longest] ?? null);
}

/** US dollars of what each model used; null as soon as a part of it has no known price. */
export function costOf(table: PriceTable, models: Record<string, Tokens>): number | null {
  let sum: number | null = null;
  for (const [model, { input, output, cacheRead, cacheWrite }] of Object.entries(models)) {
    if (input + output + cacheRead + cacheWrite === 0) continue;
    const known = model === "" ? null : priceOf(table, model);
    if (!known) return null;
    const dollars =
      input * known.input + output * known.output + cacheRead * known.cacheRead + cacheWrite * known.cacheWrite;
    sum = (sum ?? 0) + dollars / MILLION;
  }
  return sum;
}

/** A cost as a CLI tells it: 0 is no sum, CLIs say it before they know. */
export const toldCost = (cost: number | undefined): number | null => (cost ? cost : null);

const isAmount = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value) && value >= 0;
const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const KINDS = ["input", "output", "cacheRead", "cacheWrite"] as const;

function wrongIn(model: string, value: unknown): string | null {
  if (!isTable(value)) return `models.${model}: an object of prices is needed`;
  const unknown = Object.keys(value).find((key) => !(KINDS as readonly string[]).includes(key));
  if (unknown !== undefined) return `models.${model}: unknown key ${unknown}; known: ${KINDS.join(", ")}`;
  const wrong = KINDS.find((kind) => !isAmount(value[kind]));
  return wrong === undefined ? null : `models.${model}.${wrong}: a number of dollars for a million tokens is needed`;
}

/** Reads a price table; a text says what is wrong with it. */
export function pricesFrom(value: unknown): PriceTable | string {
  if (!isTable(value)) return "an object with date and models is needed";
  const { date, models } = value;
  if (typeof date !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(date)) return "date: a day as 2026-01-31 is needed";
  if (!isTable(models)) return "models: an object is needed";
  for (const [model, given] of Object.entries(models)) {
    const wrong = wrongIn(model, given);
    if (wrong !== null) return wrong;
  }
  return { date, models: models as Record<string, Price> };
}
