import { expect, test } from "bun:test";
import { refsIn, sectionsOf } from "./markdown.ts";
import { lintPor, parsePor, recentDecisions } from "./por.ts";
import { POR_TEMPLATE } from "./templates.ts";

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
