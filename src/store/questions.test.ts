import { expect, test } from "bun:test";
import { join } from "node:path";

/** Days of a year as this program and SQLite name them, hour by hour; prints how many differ. */
const SCRIPT = `
import { Database } from "bun:sqlite";
import { beginOf, daysUpTo, localDay } from ${JSON.stringify(join(import.meta.dir, "../core/history/days.ts"))};
const told = new Database(":memory:").prepare("SELECT date(? / 1000, 'unixepoch', 'localtime')");
let wrong = 0;
for (let at = Date.parse("2026-01-01T00:00:00Z"); at < Date.parse("2027-01-01T00:00:00Z"); at += 3_600_000) {
  const days = daysUpTo(at, 7);
  const begin = beginOf("7d", at);
  const isSame = told.values(at)[0][0] === localDay(at) && days[6] === localDay(at) && new Set(days).size === 7;
  if (!isSame || localDay(begin) !== days[0] || localDay(begin - 1) === days[0]) wrong += 1;
}
console.log(wrong);
`;

test("A43 A88 a day is the same to the tables and to the program, also where clocks are changed at midnight", () => {
  for (const TZ of ["Europe/Berlin", "America/Santiago"]) {
    const ran = Bun.spawnSync([process.execPath, "--no-install", "-e", SCRIPT], { env: { ...process.env, TZ } });
    expect([TZ, ran.stdout.toString().trim()]).toEqual([TZ, "0"]);
  }
});
