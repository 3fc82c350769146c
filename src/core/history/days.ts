import type { Millis } from "../ids.ts";
import type { Range } from "./api.ts";

const two = (number: number): string => String(number).padStart(2, "0");

/** `YYYY-MM-DD` in the machine's time zone. */
export function localDay(at: Millis): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** So many days up to this moment's, the oldest first; days of 23 and 25 hours count as days. */
export function daysUpTo(now: Millis, count: number): string[] {
  const date = new Date(now);
  return Array.from({ length: count }, (_, at) => {
    const day = new Date(date.getFullYear(), date.getMonth(), date.getDate() - (count - 1 - at), 12);
    return localDay(day.getTime());
  });
}

/** Days of a range; null = all that there are. */
export const daysIn = (range: Range): number | null => (range === "all" ? null : Number(range.slice(0, -1)));

/** First moment of the first day of a range; 0 = from the beginning. */
export function beginOf(range: Range, now: Millis): Millis {
  const days = daysIn(range);
  if (days === null) return 0;
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - (days - 1)).getTime();
}
