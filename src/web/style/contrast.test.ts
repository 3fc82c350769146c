import { expect, test } from "bun:test";
import { join } from "node:path";

const css = await Bun.file(join(import.meta.dir, "base.css")).text();
/** Name of a colour → its light and its dark value. */
const colours = new Map(
  [...css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
    ([, name = "", light = "", dark = ""]) => [name, { light, dark }],
  ),
);

/** Relative luminance by WCAG 2.2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const SURFACES = ["bg", "panel", "raised"];
const TEXTS = ["text", "muted", "faint", "blue", "amber", "green", "red"];
const PAIRS = [
  ...SURFACES.flatMap((surface) => TEXTS.map((text) => [text, surface] as const)),
  ...(["text", "muted", "amber", "faint", "green", "red"] as const).map((text) => [text, "calling"] as const),
  ["on-accent", "accent"],
  ["on-danger", "red"],
] as const;

for (const theme of ["light", "dark"] as const) {
  test(`every text can be read on what it stands on (AA, 4.5 to 1), ${theme}`, () => {
    const weak = PAIRS.filter(([text, surface]) => {
      const [front, back] = [colours.get(text)?.[theme] ?? "", colours.get(surface)?.[theme] ?? ""];
      return !(contrast(front, back) >= 4.5);
    });
    expect(weak).toEqual([]);
  });
}

test("the contrast of known colours is what WCAG says", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});
