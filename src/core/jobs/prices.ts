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

/** `cached`: what reading the cache costs as a part of input; writing it for five minutes costs a quarter more than input. */
const price = (input: number, output: number, cached = 0.1): Price => ({
  ...{ input, output },
  // People read it in their file: not 0.30000000000000004.
  cacheRead: Math.round(input * cached * 1e6) / 1e6,
  cacheWrite: input * 1.25,
});

/** These models, and what the maker calls one of them with the day of its making: never a newer model of a similar name. */
const same = (price: Price, ...models: string[]): Record<string, Price> =>
  Object.fromEntries(models.flatMap((model) => [[model, price] as const, [`${model}-20*`, price] as const]));

/**
 * What Muster comes with, for the models of the CLIs whose conversations it reads: the maker's list prices as
 * https://platform.claude.com/docs/en/about-claude/pricing and the pages of its models had them in October 2026. Not in it, so
 * unknown: models whose price depends on the length of each prompt (claude-haiku-5-5), and everybody else's.
 */
export const BUILT_IN_PRICES: PriceTable = {
  date: "2026-10-24",
  models: {
    ...same(price(10, 50, 0.025), "claude-fable-5-1", "claude-mythos-5-1"),
    ...same(price(10, 50), "claude-fable-5", "claude-mythos-5"),
    ...same(price(4, 20, 0.05), "claude-opus-5-5"),
    ...same(price(5, 25), "claude-opus-5", "claude-opus-4-8", "claude-opus-4-7", "claude-opus-4-6", "claude-opus-4-5"),
    ...same(price(15, 75), "claude-opus-4-1", "claude-opus-4"),
    ...same(price(2, 10, 0.05), "claude-sonnet-5-5"),
    ...same(price(2, 10), "claude-sonnet-5"),
    ...same(price(3, 15), "claude-sonnet-4-6", "claude-sonnet-4-5", "claude-sonnet-4", "claude-3-7-sonnet"),
    ...same(price(1, 5), "claude-haiku-4-5"),
    ...same(price(0.8, 4), "claude-3-5-haiku"),
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
