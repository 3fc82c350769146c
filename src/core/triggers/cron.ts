import type { Millis } from "../ids.ts";
import { Refusal } from "../refusal.ts";
import { type Wall, wallAt } from "../wall-clock.ts";

/** When something is due, by five fields: minute, hour, day of the month, month, day of the week. */
export interface Cron {
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  days: ReadonlySet<number>;
  months: ReadonlySet<number>;
  weekdays: ReadonlySet<number>;
  isEveryHour: boolean;
  /** Neither of the two restricts: `*`. When both do, one of them is enough. */
  isEveryDay: boolean;
  isEveryWeekday: boolean;
}

interface Field {
  name: string;
  from: number;
  to: number;
  names?: string[];
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const WEEKDAYS = "sun mon tue wed thu fri sat".split(" ");

const FIELDS = {
  minutes: { name: "minute", from: 0, to: 59 },
  hours: { name: "hour", from: 0, to: 23 },
  days: { name: "day of the month", from: 1, to: 31 },
  months: { name: "month", from: 1, to: 12, names: MONTHS },
  weekdays: { name: "day of the week", from: 0, to: 7, names: WEEKDAYS },
} satisfies Record<string, Field>;

const wrong = ({ name, from, to, names }: Field, part: string): Refusal =>
  new Refusal(
    "usage",
    `${name}: ${part || "nothing"} is not understood`,
    `*, ${from}-${to}${names ? `, ${names[0]}-${names.at(-1)}` : ""}, lists 1,2, ranges 1-5, steps */5`,
  );

function numberIn(text: string, field: Field): number {
  const at = field.names?.indexOf(text.toLowerCase()) ?? -1;
  if (at >= 0) return at + field.from;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : -1;
  if (value < field.from || value > field.to) throw wrong(field, text);
  return value;
}

function rangeOf(text: string, field: Field): [number, number] {
  if (text === "*") return [field.from, field.to];
  const [from = "", to, ...rest] = text.split("-");
  if (rest.length > 0) throw wrong(field, text);
  const first = numberIn(from, field);
  const last = to === undefined ? first : numberIn(to, field);
  if (last < first) throw wrong(field, text);
  return [first, last];
}

function setOf(text: string, field: Field): Set<number> {
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const [range = "", step, ...rest] = part.split("/");
    if (rest.length > 0 || (step !== undefined && !/^[1-9]\d?$/.test(step))) throw wrong(field, part);
    const [first, end] = rangeOf(range, field);
    // `5/10` begins at 5 and goes on to the end.
    const last = step !== undefined && !range.includes("-") ? field.to : end;
    for (let value = first; value <= last; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}

/** Reads five fields; a Refusal names the one that is wrong. */
export function parseCron(text: string): Cron {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== 5)
    throw new Refusal(
      "usage",
      `${JSON.stringify(text)} has ${parts.length} fields`,
      "five: minute hour day month weekday",
    );
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = parts;
  const weekdays = setOf(weekday, FIELDS.weekdays);
  // 7 is Sunday too.
  if (weekdays.delete(7)) weekdays.add(0);
  return {
    minutes: setOf(minute, FIELDS.minutes),
    hours: setOf(hour, FIELDS.hours),
    days: setOf(day, FIELDS.days),
    months: setOf(month, FIELDS.months),
    weekdays,
    isEveryHour: hour === "*",
    isEveryDay: day === "*",
    isEveryWeekday: weekday === "*",
  };
}

const MINUTE_MS = 60_000;
/** Looked ahead so far: 29 February comes within eight years, and always on some weekday within forty. */
const HORIZON_MS = 41 * 366 * 86_400_000;

function isDay(cron: Cron, { day, month, weekday }: Wall): boolean {
  if (!cron.months.has(month)) return false;
  const [byDay, byWeekday] = [cron.days.has(day), cron.weekdays.has(weekday)];
  if (cron.isEveryDay || cron.isEveryWeekday) return byDay && byWeekday;
  return byDay || byWeekday;
}

/** Days of the months, the longest. */
const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Is there a day that it means? There is no 30 February, and whoever looked for one would look through every day. */
export const isPossible = ({ days, months, isEveryDay, isEveryWeekday }: Cron): boolean =>
  isEveryDay || !isEveryWeekday || [...months].some((month) => Math.min(...days) <= (LONGEST[month - 1] ?? 0));

/** The second time that clocks show this, after they were put back: what is due at an hour was due the first time. */
function isRepeated(at: Millis, wall: Wall, zone: string): boolean {
  const before = wallAt(at - 60 * MINUTE_MS, zone);
  return before.hour === wall.hour && before.minute === wall.minute;
}

/** An hour that clocks skipped between two moments and at which something was due: it is due when they go on. */
function isSkippedDue(cron: Cron, from: Wall, to: Wall): boolean {
  if (cron.isEveryHour || to.hour === from.hour || !isDay(cron, to)) return false;
  for (let hour = (from.hour + 1) % 24; hour !== to.hour; hour = (hour + 1) % 24) if (cron.hours.has(hour)) return true;
  return false;
}

/** The first minute after `after` at which this is due, by the clocks of a zone; null = never. */
export function nextFire(cron: Cron, after: Millis, zone: string): Millis | null {
  if (!isPossible(cron)) return null;
  let at = (Math.floor(after / MINUTE_MS) + 1) * MINUTE_MS;
  const end = after + HORIZON_MS;
  let wall = wallAt(at, zone);
  while (at < end) {
    const isHour = isDay(cron, wall) && cron.hours.has(wall.hour);
    if (isHour && cron.minutes.has(wall.minute) && (cron.isEveryHour || !isRepeated(at, wall, zone))) return at;
    const next = at + (isHour ? 1 : stride(cron, wall)) * MINUTE_MS;
    const then = wallAt(next, zone);
    if (next - at <= 60 * MINUTE_MS && isSkippedDue(cron, wall, then)) return next;
    [at, wall] = [next, then];
  }
  return null;
}

/** Minutes until something could change: the next hour, or most of a day where the whole day is not meant. */
function stride(cron: Cron, wall: Wall): number {
  const toHour = 60 - wall.minute;
  // Two hours are left for clocks that are changed at night.
  return !isDay(cron, wall) && wall.hour < 20 ? toHour + (21 - wall.hour) * 60 : toHour;
}
