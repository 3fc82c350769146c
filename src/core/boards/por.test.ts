import { expect, test } from "bun:test";
import { refsIn, sectionsOf } from "./markdown.ts";
import { lintPor, parsePor, recentDecisions } from "./por.ts";
import { POR_TEMPLATE, sheetTemplate } from "./templates.ts";

const LOG = "## Decision & Pivot Log (recent 5)";

test("P70 the board that init lays out lacks nothing", () => {
  expect(lintPor(POR_TEMPLATE)).toEqual([]);
});

test("P70 a lint failure is the list of the missing parts", () => {
  expect(lintPor("# Something\n\n- North Star: x\n\n## Deliverables\n\n## Roadmap\n")).toEqual([
    "title: the board begins with # POR - Strategic Board",
    "missing: - Guardrails:",
    "missing: - Non-Goals / Boundaries:",
    "missing: ## Bets & Assumptions",
    "missing: ## Decision & Pivot Log (recent 5)",
    "missing: ## Risk Radar & Mitigations (up/down/flat)",
    "missing: ## Portfolio Health (in-progress / at-risk only)",
    "missing: ## Operating Principles (short)",
    "missing: ## Maintenance & Change Log (append-only, one line each)",
  ]);
});

test("P70 peers word their board as they like: headings with more behind, bullets as headings, two in one, bold ones", () => {
  const board = POR_TEMPLATE.replace("- North Star:\n- Guardrails:", "- **North Star (with Guardrails):** fast")
    .replace("- Non-Goals / Boundaries:", "")
    .replace("## Deliverables (top-level)", "### DELIVERABLES for May")
    .replace("## Bets", "## Non-Goals\n\n## Bets");
  expect(lintPor(board)).toEqual([]);
});

test("P70 a heading inside a code fence is none", () => {
  const fencedOff = POR_TEMPLATE.replace(
    "## Operating Principles (short)",
    "```md\n## Operating Principles (short)\n```",
  );
  expect(lintPor(fencedOff)).toEqual(["missing: ## Operating Principles (short)"]);
});

test("P73 recent decisions come from the log in any form, newest first, each with its refs", () => {
  const rows = [
    "2026-05-01 | speed | use a cache | commit:abc1234 | none | keep",
    "| date | context | choice | evidence | impact | default |",
    "|---|---|---|---|---|---|",
    "| 2026-05-03 | tests | two suites | cmd:bun test::OK, rfd-msg-12ab34cd | slower | one |",
    "- 2026-05-02 | store | SQLite | log:work/a.log#L1-3 | none | files",
    "only words",
  ];
  const { decisions } = parsePor(POR_TEMPLATE.replace(LOG, `${LOG}\n${rows.join("\n")}`));
  expect(decisions).toEqual([
    { date: "2026-05-03", context: "tests", choice: "two suites", refs: ["cmd:bun test::OK", "rfd-msg-12ab34cd"] },
    { date: "2026-05-02", context: "store", choice: "SQLite", refs: ["log:work/a.log#L1-3"] },
    { date: "2026-05-01", context: "speed", choice: "use a cache", refs: ["commit:abc1234"] },
  ]);
});

test("P73 five decisions are recent; one without a ref is named by lint", () => {
  const rows = Array.from({ length: 7 }, (_, n) => `2026-05-0${n + 1} | c | choice ${n} | commit:abc123${n}`);
  const board = POR_TEMPLATE.replace(LOG, `${LOG}\n${rows.join("\n")}\n2026-04-01 | why | a bet |`);
  expect(recentDecisions(parsePor(board)).map(({ date }) => date.slice(-1))).toEqual(["7", "6", "5", "4", "3"]);
  expect(lintPor(board)).toEqual(["decision of 2026-04-01 (a bet): no ref"]);
});

test("references are found once, and end where the text goes on", () => {
  expect(refsIn("see commit:abc1234, cmd:npm test -- a::OK (log:x/y.log#L1-2) | commit:abc1234 commit:xyz")).toEqual([
    "commit:abc1234",
    "cmd:npm test -- a::OK",
    "log:x/y.log#L1-2",
  ]);
});

test("sections know their level, their line and what stands under them", () => {
  expect(sectionsOf("before\n# A #\r\none\n~~~\n# no\n~~~ x\n~~~\n## B\ntwo")).toEqual([
    { level: 0, title: "", lines: ["before"], at: -1 },
    { level: 1, title: "A", lines: ["one"], at: 1 },
    { level: 2, title: "B", lines: ["two"], at: 7 },
  ]);
});

test("P70 only a bullet of the head or a heading says the north star; a sentence elsewhere does not", () => {
  const without = POR_TEMPLATE.replace("- North Star:\n", "");
  expect(lintPor(without)).toEqual(["missing: - North Star:"]);
  expect(lintPor(without.replace("## Deliverables (top-level)", "## Deliverables\n- North Star: here"))).toEqual([
    "missing: - North Star:",
  ]);
  expect(lintPor("")).toContain("title: the board begins with # POR - Strategic Board");
});

test("P73 a choice keeps its own dashes and stars; without a date it is still named", () => {
  const board = POR_TEMPLATE.replace(LOG, `${LOG}\n| | a - b | c - d * e |`);
  expect(parsePor(board).decisions).toEqual([{ date: "", context: "a - b", choice: "c - d * e", refs: [] }]);
  expect(lintPor(board)).toEqual(["decision of no date (c - d * e): no ref"]);
  expect(parsePor("# POR").decisions).toEqual([]);
});

test("P70 a fresh board says what belongs under its headings", () => {
  expect(POR_TEMPLATE).toContain("- Now (<= 2 weeks):\n- Next (<= 6 weeks):\n- Later (> 6 weeks):");
  expect(POR_TEMPLATE).toContain(
    "| ID | Title | Owner | Stage | Latest evidence | SUBPOR |\n|---|---|---|---|---|---|",
  );
});

test("P69 P70 a new board and a new sheet are these, word for word", () => {
  expect(POR_TEMPLATE).toMatchSnapshot("POR.md");
  const head = { id: "T000007", title: "Cache", owner: "peerA", stage: "proposed", timebox: "1d" };
  expect(sheetTemplate(head)).toMatchSnapshot("SUBPOR.md");
});

test("P73 a heading of columns is no decision, however it is written; a word that only has it in it is", () => {
  const dates = (...rows: string[]) => parsePor(`${LOG}\n${rows.join("\n")}\n`).decisions.map(({ date }) => date);
  expect(dates("| Date | Context | Choice |", "|:--|---|--:|", "-   2025-01-02 | c | x", "| DATE | a | b |")).toEqual([
    "2025-01-02",
  ]);
  expect(dates("| update | c | x |", "| dates | c | x |")).toEqual(["update", "dates"]);
  expect(dates("| 2025-01-02 | only two |", "words")).toEqual([]);
  expect(parsePor("words")).toMatchObject({ title: "", decisions: [] });
});

test("P73 a choice is quoted by its first forty characters", () => {
  const choice = "c".repeat(41);
  expect(lintPor(`${LOG}\n| d | x | ${choice} |\n`)).toContain(`decision of d (${"c".repeat(40)}): no ref`);
});

test("P70 the first heading says the title alone, not the north star", () => {
  expect(lintPor("# POR - North Star\n")).toContain("missing: - North Star:");
});
