import { expect, test } from "bun:test";
import { meaningOf } from "./console-meaning.ts";

const PAIR = { isSolo: false, defaultRoute: "both" } as const;
const SOLO = { isSolo: true, defaultRoute: "both" } as const;

test("P81 a line says what would happen to it: whom it reaches, what is typed, which command it is", () => {
  const cases: [line: string, text: string, style: "dim" | "warn"][] = [
    ["a: hi", "to PeerA", "dim"],
    ["b: hi", "to PeerB", "dim"],
    ["both: hi", "to PeerA and PeerB", "dim"],
    ["hi", "no prefix: goes to PeerA and PeerB", "warn"],
    ["b! y", "keys into the terminal of PeerB, and Enter", "warn"],
    ["/pause", "/pause  hold every delivery", "dim"],
    ["/release", "/release MID  deliver a held letter", "dim"],
    ["/FILTER maybe", "/filter on|off|status  hold back letters that say nothing", "dim"],
    ["/rel", "Tab completes", "dim"],
    ["/rel x", "no command /rel", "dim"],
    ["/constructor", "Tab completes", "dim"],
    ["a:", "nothing to send to a", "dim"],
  ];
  for (const [line, text, style] of cases) expect([line, meaningOf(line, PAIR)]).toEqual([line, { text, style }]);
  expect(meaningOf(" \t", PAIR)).toBeNull();
  expect(meaningOf("hi", SOLO)?.text).toBe("no prefix: goes to PeerA");
  for (const line of ["b: /pause", "b: /pau", "b:/pau"])
    expect([line, meaningOf(line, SOLO)?.text]).toEqual([line, "Single-peer mode, use /a"]);
  expect(meaningOf("/rel", PAIR, "go on")?.text).toBe("go on");
});
