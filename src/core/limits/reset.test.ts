import { expect, test } from "bun:test";
import { resetTime } from "./reset.ts";

/** A Thursday, 12:00 in Berlin. */
const NOW = Date.UTC(2026, 10, 26, 11, 0);
const at = (text: string, now = NOW, zone = "Europe/Berlin"): string | null => {
  const found = resetTime(text, now, zone);
  return found === null ? null : new Date(found).toISOString().slice(0, 16);
};

test("F8 the time of a reset is the next one by the clock on the wall, today or tomorrow", () => {
  expect(at("You've hit your limit · resets 3pm")).toBe("2026-11-26T14:00");
  expect(at("5-hour limit reached ∙ resets 3:30 PM")).toBe("2026-11-26T14:30");
  expect(at("limit reached, resets at 9am")).toBe("2026-11-27T08:00");
  expect(at("resets 12am")).toBe("2026-11-26T23:00");
  expect(at("resets 12pm")).toBe("2026-11-27T11:00");
  expect(at("try again at 15:45")).toBe("2026-11-26T14:45");
});

test("F8 a zone that is named counts, and one that nobody knows does not", () => {
  expect(at("resets 3pm (America/New_York)")).toBe("2026-11-26T20:00");
  expect(at("resets 3pm (Mars/Base)")).toBe("2026-11-26T14:00");
  expect(at("resets 3pm (UTC)")).toBe("2026-11-26T15:00");
});

test("F8 a date, a span and an epoch", () => {
  expect(at("weekly limit · resets Nov 28, 3pm")).toBe("2026-11-28T14:00");
  expect(at("resets Jan 2 at 3:05pm")).toBe("2027-01-02T14:05");
  expect(at("please try again in 2h 5m")).toBe("2026-11-26T13:05");
  expect(at("resets in 45 minutes")).toBe("2026-11-26T11:45");
  expect(at("Claude AI usage limit reached|1764345600")).toBe("2025-11-28T16:00");
});

test("F8 across a change of the clocks the time on the wall counts", () => {
  // Berlin goes from UTC+2 to UTC+1 on 25 October 2026 at 3:00, and to UTC+2 on 28 March 2027 at 2:00.
  expect(at("resets 8am", Date.UTC(2026, 9, 24, 20, 0))).toBe("2026-10-25T07:00");
  expect(at("resets 8am", Date.UTC(2027, 2, 27, 20, 0))).toBe("2027-03-28T06:00");
  // 2:30 does not exist on that night.
  expect(at("resets 2:30am", Date.UTC(2027, 2, 27, 20, 0))).toMatch(/^2027-03-28T0[01]:30$/);
});

test("F8 what says no time says none", () => {
  for (const text of [
    "API Error: Request rejected (429)",
    "",
    "resets soon",
    "resets 3",
    "resets 25:00",
    "resets 14pm",
  ])
    expect(at(text)).toBeNull();
  expect(at("resets Foo 3, 3pm")).toBeNull();
});

test("F8 a span may stand after a word, with hours or minutes alone, and in short", () => {
  expect(at("try again later in 2 hours")).toBe("2026-11-26T13:00");
  expect(at("resets automatically in 3h")).toBe("2026-11-26T14:00");
  expect(at("retry in 1h, 15m")).toBe("2026-11-26T12:15");
  expect(at("reset in 90min")).toBe("2026-11-26T12:30");
});

test("F8 an epoch counts in seconds, also where a CLI tells milliseconds", () => {
  expect(at("limit|1764345600123")).toBe("2025-11-28T16:00");
  expect(at("limit|17643456001")).toBeNull();
});

test("F8 hours of a day that do not exist are no time, the first and the last are", () => {
  expect([at("resets 0:00"), at("resets 23:59"), at("resets 1am"), at("resets 12:59am")]).toEqual([
    ...["2026-11-26T23:00", "2026-11-26T22:59", "2026-11-27T00:00", "2026-11-26T23:59"],
  ]);
  for (const text of ["resets 24:00", "resets 0am", "resets 13am", "resets 3:60pm"]) expect(at(text)).toBeNull();
});

test("F8 a date of this year that has passed is next year's", () => {
  expect(at("resets Nov 26, 1pm")).toBe("2026-11-26T12:00");
  expect(at("resets Nov 26, 12pm")).toBe("2027-11-26T11:00");
  expect(at("resets at 12:00")).toBe("2026-11-27T11:00");
});
