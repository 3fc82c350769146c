/** A small mistake planted in the demo project: what is there, a fix that is not enough, and the right one. */
export interface Bug {
  module: string;
  task: string;
  source: string;
  test: string;
  halfFix: { find: string; replace: string };
  fix: { find: string; replace: string };
  claim: string;
  counter: string;
}

const median: Bug = {
  module: "median",
  task: "median() is wrong: it does not sort its input. Fix it; npm test says what is expected.",
  source: `/** The middle value of a list of numbers. */
export function median(values) {
  const middle = Math.floor(values.length / 2);
  return values[middle];
}
`,
  test: `import assert from "node:assert/strict";
import { test } from "node:test";
import { median } from "../src/median.js";

test("the middle of an unsorted list", () => assert.equal(median([9, 1, 5]), 5));
test("an even number of values: the mean of the two in the middle", () => assert.equal(median([4, 1, 3, 2]), 2.5));
test("the caller's list is not changed", () => {
  const values = [3, 1, 2];
  median(values);
  assert.deepEqual(values, [3, 1, 2]);
});
`,
  halfFix: {
    find: "  const middle = Math.floor(values.length / 2);\n  return values[middle];\n",
    replace: "  const sorted = [...values].sort((a, b) => a - b);\n  return sorted[Math.floor(sorted.length / 2)];\n",
  },
  fix: {
    find: "  const middle = Math.floor(values.length / 2);\n  return values[middle];\n",
    replace:
      "  const sorted = [...values].sort((a, b) => a - b);\n  const middle = Math.floor(sorted.length / 2);\n  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;\n",
  },
  claim: "sorting a copy first is all that is missing",
  counter: "an even number of values has no single middle: [4, 1, 3, 2] must give 2.5, the mean of 2 and 3",
};

const pages: Bug = {
  module: "pages",
  task: "pages() counts one page too few when the last one is not full. Fix it; npm test says what is expected.",
  source: `/** How many pages so many items fill. */
export function pages(items, perPage) {
  return Math.floor(items / perPage);
}
`,
  test: `import assert from "node:assert/strict";
import { test } from "node:test";
import { pages } from "../src/pages.js";

test("a last page that is not full counts", () => assert.equal(pages(11, 5), 3));
test("full pages only", () => assert.equal(pages(10, 5), 2));
test("nothing fills no page", () => assert.equal(pages(0, 5), 0));
`,
  halfFix: { find: "Math.floor(items / perPage)", replace: "Math.floor(items / perPage) + 1" },
  fix: { find: "Math.floor(items / perPage)", replace: "Math.ceil(items / perPage)" },
  claim: "adding one page for the rest is enough",
  counter: "that adds a page even when the last one is exactly full: 10 items at 5 per page are 2 pages, not 3",
};

const slug: Bug = {
  module: "slug",
  task: "slug() leaves spaces and capitals in its result. Fix it; npm test says what is expected.",
  source: `/** A title as the last part of a web address. */
export function slug(title) {
  return title.trim();
}
`,
  test: `import assert from "node:assert/strict";
import { test } from "node:test";
import { slug } from "../src/slug.js";

test("words are joined by dashes, in small letters", () => assert.equal(slug("Hello World"), "hello-world"));
test("several signs give one dash", () => assert.equal(slug("Tea & Cake, twice"), "tea-cake-twice"));
test("no dash at either end", () => assert.equal(slug("  What now?! "), "what-now"));
`,
  halfFix: { find: "title.trim()", replace: 'title.trim().toLowerCase().replaceAll(" ", "-")' },
  fix: {
    find: "title.trim()",
    replace: 'title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")',
  },
  claim: "small letters and a dash for each space",
  counter: "other signs stay in: 'Tea & Cake, twice' must become tea-cake-twice, one dash for a run of signs",
};

const clamp: Bug = {
  module: "clamp",
  task: "clamp() ignores its lower limit. Fix it; npm test says what is expected.",
  source: `/** The number itself, or the limit it passed. */
export function clamp(value, low, high) {
  return Math.min(value, high);
}
`,
  test: `import assert from "node:assert/strict";
import { test } from "node:test";
import { clamp } from "../src/clamp.js";

test("below the lower limit", () => assert.equal(clamp(-3, 0, 10), 0));
test("above the upper limit", () => assert.equal(clamp(12, 0, 10), 10));
test("limits given the wrong way round are put right", () => assert.equal(clamp(5, 10, 0), 5));
`,
  halfFix: { find: "Math.min(value, high)", replace: "Math.max(low, Math.min(value, high))" },
  fix: {
    find: "Math.min(value, high)",
    replace: "Math.max(Math.min(low, high), Math.min(value, Math.max(low, high)))",
  },
  claim: "the lower limit was left out; Math.max puts it back",
  counter: "limits given the wrong way round break it: clamp(5, 10, 0) must still be 5",
};

const BUGS = [median, pages, slug, clamp];

/** The bug that a seed plants; the same for ever. */
export const bugOf = (seed: number): Bug => BUGS[((seed % BUGS.length) + BUGS.length) % BUGS.length] ?? median;
