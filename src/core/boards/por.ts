import { bulletsOf, isNamed, refsIn, type Section, saying, sectionsOf } from "./markdown.ts";

/** A row of the decision log: `date | context | choice | evidence | impact/rollback | default`. */
export interface Decision {
  date: string;
  context: string;
  choice: string;
  refs: string[];
}

export interface Por {
  title: string;
  sections: Section[];
  /** Newest first, as far as the board dates them. */
  decisions: Decision[];
}

/** Title of the board, as POR.md begins. */
export const POR_TITLE = "POR - Strategic Board";

/** What a POR must have; a section may say more behind its name. */
export const POR_BULLETS = ["North Star", "Guardrails", "Non-Goals / Boundaries"] as const;
export const POR_SECTIONS = [
  "Deliverables (top-level)",
  "Bets & Assumptions",
  "Roadmap (Now/Next/Later)",
  "Decision & Pivot Log (recent 5)",
  "Risk Radar & Mitigations (up/down/flat)",
  "Portfolio Health (in-progress / at-risk only)",
  "Operating Principles (short)",
  "Maintenance & Change Log (append-only, one line each)",
] as const;

/** The decisions that the log keeps at hand. */
const DECISIONS_SHOWN = 5;
const DECISION_LOG = "Decision & Pivot Log";

/** Cells of a row, of a table or of a bullet; none of a rule line or a heading of columns. */
function cellsOf(line: string): string[] {
  const row = line.replace(/^[-*]\s+/, "").replace(/^\||\|$/g, "");
  const cells = row.split("|").map((cell) => cell.trim());
  return cells.every((cell) => /^:?-*:?$/.test(cell)) || /^date$/i.test(cells[0] ?? "") ? [] : cells;
}

function decisionOf(line: string): Decision[] {
  const cells = cellsOf(line);
  const [date = "", context = "", choice = ""] = cells;
  if (cells.length < 3) return [];
  return [{ date, context, choice, refs: refsIn(line) }];
}

const byDate = (left: Decision, right: Decision): number => right.date.localeCompare(left.date);

/** Reads a strategic board. Pure: whatever a peer wrote is a board, with more or less in it. */
export function parsePor(text: string): Por {
  const sections = sectionsOf(text);
  const log = sections.find(({ title }) => isNamed(title, DECISION_LOG));
  const decisions = saying(log?.lines ?? []).flatMap(decisionOf);
  return { title: sections.find(({ level }) => level === 1)?.title ?? "", sections, decisions: decisions.sort(byDate) };
}

/** The decisions that stand on the board, the newest few. */
export const recentDecisions = ({ decisions }: Por): Decision[] => decisions.slice(0, DECISIONS_SHOWN);

/** Is it said in a bullet of the head, or under a heading of its own? One bullet may say two (`North Star with Guardrails`). */
function isSaid(sections: Section[], name: string): boolean {
  const labels = sections
    .filter(({ level }) => level < 2)
    .flatMap(({ lines }) => bulletsOf(lines).map(({ label }) => label));
  const titles = sections.filter(({ level }) => level > 1).map(({ title }) => title);
  const first = name.split(" ")[0]?.toLowerCase() ?? "";
  return [...labels, ...titles].some((given) => given.toLowerCase().includes(first));
}

/** What the board lacks, one line each; empty = it has everything that is asked of it (P70). */
export function lintPor(text: string): string[] {
  const { title, sections, decisions } = parsePor(text);
  const missing = POR_SECTIONS.filter((name) => !sections.some((section) => isNamed(section.title, name)));
  return [
    ...(isNamed(title, "POR") ? [] : [`title: the board begins with # ${POR_TITLE}`]),
    ...POR_BULLETS.filter((name) => !isSaid(sections, name)).map((name) => `missing: - ${name}:`),
    ...missing.map((name) => `missing: ## ${name}`),
    ...decisions
      .filter(({ refs }) => refs.length === 0)
      .map(({ date, choice }) => `decision of ${date || "no date"} (${choice.slice(0, 40)}): no ref`),
  ];
}
