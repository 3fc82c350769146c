import { POR_BULLETS, POR_SECTIONS, POR_TITLE } from "./por.ts";

/** The columns of the portfolio. */
export const PORTFOLIO_COLUMNS = ["ID", "Title", "Owner", "Stage", "Latest evidence", "SUBPOR"] as const;

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** A board's empty table of sheets. */
export const PORTFOLIO_HEAD: string[] = [row(PORTFOLIO_COLUMNS), `|${PORTFOLIO_COLUMNS.map(() => "---").join("|")}|`];

/** One row of the portfolio. */
export const portfolioRow = row;

/** What stands under a heading of a fresh board, so that nobody has to ask what belongs there. */
const UNDER: Record<string, string[]> = {
  "Bets & Assumptions": ["<!-- bet | probe | evidence | window -->"],
  "Roadmap (Now/Next/Later)": ["- Now (<= 2 weeks):", "- Next (<= 6 weeks):", "- Later (> 6 weeks):"],
  "Decision & Pivot Log (recent 5)": ["<!-- date | context | choice | evidence | impact/rollback | default -->"],
  "Portfolio Health (in-progress / at-risk only)": PORTFOLIO_HEAD,
};

/** The strategic board as `init` lays it out. */
export const POR_TEMPLATE = `# ${POR_TITLE}

${POR_BULLETS.map((name) => `- ${name}:`).join("\n")}

${POR_SECTIONS.map((name) => [`## ${name}`, ...(UNDER[name] ?? [])].join("\n")).join("\n\n")}
`;

/** What a new sheet is about. */
export interface SheetHead {
  /** `T000007`. */
  id: string;
  title: string;
  owner: string;
  stage: string;
  timebox: string;
}

const sheetTitle = ({ id, title, owner, stage, timebox }: SheetHead): string =>
  `# ${id} - ${title} - Owner: ${owner} - Stage: ${stage} - Timebox: ${timebox}`;

/** A sheet with every part named and none filled in: its lint says what is still to do. */
export const sheetTemplate = (head: SheetHead): string => `${sheetTitle(head)}

## Goal/Scope (at most 3 lines)

## Non-Goals (at most 2)

## Deliverable & Interface

## Acceptance (3-5 observable)
- [ ]
- [ ]
- [ ]

## Probe (cheapest decisive)

## Kill Criteria

## Implementation Approach (at most 3 bullets)

## Evidence (refs)

## Risks/Dependencies

## Next (single, decidable, at most 30 minutes)

## REV (append-only)
<!-- time | author | delta | refs -->

## Aux (tactical, when used)
`;
