import type { Millis } from "../ids.ts";
import { instantOf, isZone, wallAt } from "../wall-clock.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

const CLOCK =
  /(?:resets?|again|until|available)(?:\s+(?:at|on))?\s+(?:([A-Z][a-z]{2})[a-z]*\s+(\d{1,2})(?:\s*,)?(?:\s+at)?\s+)?(\d{1,2})(?::(\d{2}))?\s*([ap])?\.?m?\.?(?:\s*\(([A-Za-z_+\-/0-9]{2,40})\))?/i;
const SPAN = /(?:resets?|again|retry)(?:\s+\w+)?\s+in\s+(?:(\d+)\s*h\w*)?[\s,]*(?:(\d+)\s*m\w*)?/i;
const EPOCH = /\|(\d{10})(?:\d{3})?\b/;

function hourOf(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour <= 23 ? hour : null;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0);
}

function clockTime(text: string, now: Millis, ownZone: string): Millis | null {
  const [, month, day, hours = "", minutes, half, named] = CLOCK.exec(text) ?? [];
  if (hours === "" || (half === undefined && minutes === undefined)) return null;
  const hour = hourOf(Number(hours), half);
  const minute = Number(minutes ?? 0);
  if (hour === null || minute > 59) return null;
  const zone = named !== undefined && isZone(named) ? named : ownZone;
  const today = wallAt(now, zone);
  if (month === undefined) {
    const at = instantOf({ ...today, hour, minute }, zone);
    return at > now ? at : instantOf({ ...wallAt(at + DAY_MS, zone), hour, minute }, zone);
  }
  const index = MONTHS.indexOf(month.toLowerCase());
  if (index < 0) return null;
  const at = instantOf({ year: today.year, month: index + 1, day: Number(day), hour, minute }, zone);
  return at > now ? at : instantOf({ year: today.year + 1, month: index + 1, day: Number(day), hour, minute }, zone);
}

/**
 * When a usage limit ends, by what a CLI says of it: `resets 3pm`, `resets Nov 28, 3:30pm (Europe/Berlin)`, `try again in 2h
 * 5m`, `…|1764345600`. Times without a zone are those of `zone`, and in the future. null = it does not say.
 */
export function resetTime(text: string, now: Millis, zone: string): Millis | null {
  const [, epoch] = EPOCH.exec(text) ?? [];
  if (epoch !== undefined) return Number(epoch) * 1000;
  const [, hours, minutes] = SPAN.exec(text) ?? [];
  if (hours !== undefined || minutes !== undefined) {
    return now + Number(hours ?? 0) * HOUR_MS + Number(minutes ?? 0) * MINUTE_MS;
  }
  return clockTime(text, now, zone);
}
