import type { Millis } from "./ids.ts";

/** A time as clocks of some zone show it. `month` from 1; `weekday` from 0 = Sunday. */
export interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  weekday: number;
}

/** One for each zone: making one takes longer than asking it a hundred times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" },
    ...{ hour: "numeric", minute: "numeric" },
  });
  formats.set(zone, made);
  return made;
}

/** What clocks of a zone show at an instant. */
export function wallAt(at: Millis, zone: string): Wall {
  const parts = Object.fromEntries(
    formatFor(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts;
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return { year, month, day, hour, minute, weekday };
}

const asUtc = ({ year, month, day, hour, minute }: Omit<Wall, "weekday">): Millis =>
  Date.UTC(year, month - 1, day, hour, minute);

/** The instant at which clocks of the zone show this; of a skipped hour the moment after it. */
export function instantOf(wall: Omit<Wall, "weekday">, zone: string): Millis {
  const wanted = asUtc(wall);
  let at = wanted;
  // The offset at the guess may be another one than at the result: further rounds settle it.
  for (let round = 0; round < 3; round += 1) at += wanted - asUtc(wallAt(at, zone));
  return at;
}

export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
