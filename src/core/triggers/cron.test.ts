import { expect, test } from "bun:test";
import { nextFire, parseCron } from "./cron.ts";

const BERLIN = "Europe/Berlin";
const at = (text: string): number => Date.parse(`${text}Z`);
/** The next times, as UTC. */
function next(cron: string, after: string, count = 1, zone = BERLIN): string[] {
  const found: string[] = [];
  let moment = at(after);
  for (let n = 0; n < count; n += 1) {
    const fire = nextFire(parseCron(cron), moment, zone);
    if (fire === null) break;
    found.push(new Date(fire).toISOString().slice(0, 16));
    moment = fire;
  }
  return found;
}
const wrong = (cron: string): string => {
  try {
    parseCron(cron);
    return "fine";
  } catch (error) {
    return (error as Error).message;
  }
};

test("A66 A-fault 11: every minute is once a minute, from the next one on", () => {
  expect(next("* * * * *", "2026-11-26T11:00:00", 3)).toEqual([
    "2026-11-26T11:01",
    "2026-11-26T11:02",
    "2026-11-26T11:03",
  ]);
  expect(next("* * * * *", "2026-11-26T11:00:30")).toEqual(["2026-11-26T11:01"]);
});

test("A66 lists, ranges, steps and names mean what they say, in local time", () => {
  expect(next("*/15 * * * *", "2026-11-26T11:01:00", 4).map((one) => one.slice(11))).toEqual([
    ...["11:15", "11:30", "11:45", "12:00"],
  ]);
  expect(next("1-30/5 9 * * *", "2026-11-26T07:00:00", 7).map((one) => one.slice(11))).toEqual([
    ...["08:01", "08:06", "08:11", "08:16", "08:21", "08:26", "08:01"],
  ]);
  expect(next("50/5 9 * * *", "2026-11-26T07:00:00", 2).map((one) => one.slice(11))).toEqual(["08:50", "08:55"]);
  expect(next("0 8,20 * * *", "2026-11-26T00:00:00", 3)).toEqual([
    "2026-11-26T07:00",
    "2026-11-26T19:00",
    "2026-11-27T07:00",
  ]);
  expect(next("0 0 1 jan *", "2026-11-26T00:00:00")).toEqual(["2026-12-31T23:00"]);
});

test("A66 0 and 7 are Sunday; days of the month and of the week are one or the other", () => {
  for (const day of ["0", "7", "sun", "SUN"])
    expect(next(`0 12 * * ${day}`, "2026-11-26T00:00:00")).toEqual(["2026-11-29T11:00"]);
  expect(next("0 12 * * mon-fri", "2026-11-27T12:00:00")).toEqual(["2026-11-30T11:00"]);
  expect(next("0 12 28 * fri", "2026-11-26T00:00:00", 3)).toEqual([
    "2026-11-27T11:00",
    "2026-11-28T11:00",
    "2026-12-04T11:00",
  ]);
  expect(next("0 12 28 * *", "2026-11-26T00:00:00", 2)).toEqual(["2026-11-28T11:00", "2026-12-28T11:00"]);
});

test("A66 what is rare is found, and what never comes is not", () => {
  expect(next("0 0 29 2 *", "2026-11-26T00:00:00", 2, "UTC")).toEqual(["2028-02-29T00:00", "2032-02-29T00:00"]);
  expect(next("0 0 30 2 *", "2026-11-26T00:00:00", 1, "UTC")).toEqual([]);
});

test("A66 F14 an hour that clocks skip is due once, when they go on", () => {
  // Berlin: 28 March 2027, from 2:00 to 3:00 = 1:00 UTC.
  expect(next("30 2 * * *", "2027-03-27T12:00:00", 2)).toEqual(["2027-03-28T01:00", "2027-03-29T00:30"]);
  expect(next("0 1,2,3 * * *", "2027-03-27T23:30:00", 3)).toEqual([
    ...["2027-03-28T00:00", "2027-03-28T01:00", "2027-03-28T23:00"],
  ]);
  expect(next("59 1 * * *", "2027-03-27T23:30:00", 2)).toEqual(["2027-03-28T00:59", "2027-03-28T23:59"]);
});

test("A66 F14 an hour that clocks show twice is due once; what comes every hour comes every hour", () => {
  // Berlin: 25 October 2026, from 3:00 back to 2:00 = 1:00 UTC.
  expect(next("30 2 * * *", "2026-10-24T12:00:00", 2)).toEqual(["2026-10-25T00:30", "2026-10-26T01:30"]);
  expect(next("30 * * * *", "2026-10-24T23:45:00", 3)).toEqual([
    "2026-10-25T00:30",
    "2026-10-25T01:30",
    "2026-10-25T02:30",
  ]);
});

test("A66 what is wrong names its field and what may stand there", () => {
  expect(wrong("* * * *")).toBe('"* * * *" has 4 fields');
  for (const [cron, field] of [
    ["60 * * * *", "minute: 60"],
    ["* 24 * * *", "hour: 24"],
    ["* * 0 * *", "day of the month: 0"],
    ["* * * foo *", "month: foo"],
    ["* * * * 8", "day of the week: 8"],
    ["5-1 * * * *", "minute: 5-1"],
    ["*/0 * * * *", "minute: */0"],
    ["1-2-3 * * * *", "minute: 1-2-3"],
    ["1,,2 * * * *", "minute: nothing"],
    ["*/5/2 * * * *", "minute: */5/2"],
    ["-1 * * * *", "minute: nothing"],
  ] as const)
    expect(wrong(cron)).toBe(`${field} is not understood`);
});
