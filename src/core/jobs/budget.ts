/** What a budget counts: US dollars as a CLI tells them, or tokens as it wrote them down. */
export type BudgetUnit = "usd" | "tokens";

/** What one job may use. */
export interface Budget {
  unit: BudgetUnit;
  limit: number;
}

/** Share of a budget from which on a person is told. */
export const WARN_SHARE = 0.8;

const SCALES: Record<string, number> = { "": 1, k: 1000, m: 1_000_000 };
/** A bare number from here on is rather a count of tokens than dollars. */
const AMBIGUOUS = 1000;
const MOST: Record<BudgetUnit, number> = { usd: 100_000, tokens: 1e12 };

const within = (unit: BudgetUnit, limit: number): Budget | null =>
  limit > 0 && limit <= MOST[unit] ? { unit, limit } : null;

export const BUDGET_FORMS = "dollars such as 5 or 2.50usd, tokens such as 200k or 300000t";

/** `5`, `$2.50`, `2.5usd` are dollars; `200k`, `1.5m`, `300000t`, `200k tokens` are tokens. null = neither. */
export function budgetFrom(given: string): Budget | null {
  const [, sign, amount, word = ""] =
    /^(\$)?(\d{1,12}(?:\.\d{1,4})?)\s*([a-z]*(?:\s+tokens)?)$/i.exec(given.trim()) ?? [];
  if (amount === undefined) return null;
  const number = Number(amount);
  const unit = word.toLowerCase();
  if (unit === "usd" || (unit === "" && (sign || number < AMBIGUOUS))) return within("usd", number);
  const [, scale] = /^([km]?)(?:t|\s*tokens)?$/.exec(unit) ?? [];
  if (sign || unit === "" || scale === undefined) return null;
  return within("tokens", Math.round(number * (SCALES[scale] ?? 1)));
}

/** As it may be given again. */
export const budgetText = ({ unit, limit }: Budget): string => `${limit}${unit === "usd" ? "usd" : "t"}`;

/** `$1.20`, `12,000 tokens`. */
export const amountOf = (unit: BudgetUnit, amount: number): string =>
  unit === "usd" ? `$${amount.toFixed(2)}` : `${amount.toLocaleString("en-US")} tokens`;

/** `$1.20 of $1.00`. */
export const spentOf = ({ unit, limit }: Budget, spent: number): string =>
  `${amountOf(unit, spent)} of ${amountOf(unit, limit)}`;
