import type { Environment } from "../../core/environment.ts";
import { visible } from "../../core/text.ts";

type Fields = Record<string, unknown>;

const CELLS = 10;
const LONGEST_NAME = 40;
/** Per cent of the context from which it is shown as getting full, and as nearly full. */
const [HIGH, NEARLY_FULL] = [60, 85];

const object = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});
const amount = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;

function fieldsOf(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
  } catch {
    return null;
  }
}

/** How the line looks on this terminal. */
interface Look {
  isColoured: boolean;
  full: string;
  empty: string;
  dot: string;
}

/** Asked of the environment alone: the CLI reads through a pipe, and shows colours itself. */
function lookOf(env: Environment): Look {
  const isUnicode = /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || "");
  const signs = isUnicode ? { full: "█", empty: "░", dot: "·" } : { full: "#", empty: "-", dot: "-" };
  return { isColoured: !env.NO_COLOR, ...signs };
}

const painted = (look: Look, code: number, text: string): string =>
  look.isColoured ? `\x1b[${code}m${text}\x1b[0m` : text;

function modelOf({ model }: Fields): string {
  const { display_name, id } = object(model);
  const name = [model, display_name, id].find((one) => typeof one === "string" && one.trim() !== "");
  return typeof name === "string" ? visible(name).replaceAll("\n", " ").slice(0, LONGEST_NAME) : "model unknown";
}

/** Per cent of the context that is in use; null = not told. */
function usedOf({ context_window }: Fields): number | null {
  const window = object(context_window);
  const told = amount(window.used_percentage);
  const [tokens, size] = [amount(window.total_input_tokens), amount(window.context_window_size)];
  const used = told ?? (tokens !== null && size ? (tokens / size) * 100 : null);
  return used === null ? null : Math.min(100, Math.round(used));
}

function contextText(fields: Fields, look: Look): string {
  const used = usedOf(fields);
  if (used === null) return "context unknown";
  const filled = Math.round((used / 100) * CELLS);
  const bar = look.full.repeat(filled) + look.empty.repeat(CELLS - filled);
  return painted(look, used >= NEARLY_FULL ? 31 : used >= HIGH ? 33 : 32, `${bar} ${used}%`);
}

function costText({ cost }: Fields): string {
  const dollars = amount(object(cost).total_cost_usd);
  return dollars === null ? "cost unknown" : `$${dollars.toFixed(2)}`;
}

/** Model, context, agent and cost of a session on one line; of bad input, that nothing is known. */
export function statusLine(input: string, env: Environment): string {
  const look = lookOf(env);
  const agent = /^[a-z0-9-]{1,32}$/.test(env.MUSTER_AGENT ?? "") ? ` ${env.MUSTER_AGENT}` : "";
  const name = painted(look, 36, `muster${agent}`);
  const fields = fieldsOf(input);
  if (!fields) return `${name} ${look.dot} nothing known of this session`;
  return [name, modelOf(fields), contextText(fields, look), costText(fields)].join(` ${look.dot} `);
}
