import { taskNumber } from "./ids.ts";
import { bulletsOf, isNamed, refsIn, saying, sectionsOf } from "./markdown.ts";

/** A sheet as its first line says: `# T000003 - Title - Owner: peerA - Stage: in-progress - Timebox: 1d`. */
export interface Subpor {
  id: string;
  title: string;
  owner: string;
  stage: string;
  timebox: string;
  goal: string[];
  acceptance: { text: string; isDone: boolean }[];
  /** References under Evidence. */
  refs: string[];
  /** The newest reference of the whole sheet, for the portfolio; empty = none. */
  latest: string;
  /** Names of the parts that say something. */
  parts: string[];
  /** Lines of the approach. */
  approach: string[];
}

const HEAD = /^(T\d+)\s+-\s+(.*?)\s+-\s+Owner:\s*(.*?)\s+-\s+Stage:\s*(.*?)\s+-\s+Timebox:\s*(.*)$/i;
const BOX = /^[-*]?\s*\[([ xX])\]\s*(.*)$/;

/** The parts of a sheet, by the words that its headings or bullets begin with. */
const PARTS = [
  ...["Goal", "Non-Goals", "Deliverable", "Acceptance", "Probe", "Kill", "Implementation Approach", "Evidence"],
  ...["Risks", "Next", "REV"],
] as const;

type PartName = (typeof PARTS)[number];

/** Without these a sheet is none; what is asked of each. */
const NEEDED: { name: PartName; asked: string }[] = [
  { name: "Goal", asked: "Goal/Scope: what will be true, in at most 3 lines" },
  { name: "Acceptance", asked: "Acceptance: 3 to 5 observable boxes [ ]" },
  { name: "Probe", asked: "Probe: the cheapest decisive check" },
  { name: "Kill", asked: "Kill Criteria: what ends this" },
  { name: "Next", asked: "Next: one decidable step of at most 30 minutes" },
  { name: "Implementation Approach", asked: "Implementation Approach: at most 3 bullets" },
  { name: "REV", asked: "## REV (append-only)" },
];

const partNamed = (title: string): PartName | undefined => PARTS.find((name) => isNamed(title, name));

/** The lines of each part, whether it is a heading or a bullet. */
function partsOf(text: string): Map<PartName, string[]> {
  const parts = new Map<PartName, string[]>();
  const add = (name: PartName, lines: string[]) => parts.set(name, [...(parts.get(name) ?? []), ...lines]);
  for (const { level, title, lines } of sectionsOf(text)) {
    const name = level > 1 ? partNamed(title) : undefined;
    if (name) add(name, lines);
    else {
      for (const { label, text: said } of bulletsOf(lines)) {
        const part = partNamed(label);
        if (part) add(part, said.split("\n"));
      }
    }
  }
  return parts;
}

const boxOf = (line: string): { text: string; isDone: boolean }[] => {
  const [, mark, text = ""] = BOX.exec(line) ?? [];
  return mark === undefined || text === "" ? [] : [{ text, isDone: mark !== " " }];
};

/** Reads a sheet. Pure: a sheet in disorder is a sheet with little in it. */
export function parseSubpor(text: string): Subpor {
  const heading = sectionsOf(text).find(({ level }) => level === 1)?.title ?? "";
  const [, id = "", title = heading, owner = "", stage = "", timebox = ""] = HEAD.exec(heading) ?? [];
  const parts = partsOf(text);
  const of = (name: PartName) => saying(parts.get(name) ?? []);
  const evidence = refsIn((parts.get("Evidence") ?? []).join("\n"));
  return {
    ...{ id, title, owner, stage: stage.toLowerCase(), timebox },
    goal: of("Goal"),
    acceptance: of("Acceptance").flatMap(boxOf),
    refs: evidence,
    latest: [...evidence, ...refsIn((parts.get("REV") ?? []).join("\n"))].at(-1) ?? "",
    // A heading REV is there from the first day, with nothing under it.
    parts: [...parts.keys()].filter((name) => name === "REV" || of(name).length > 0),
    approach: of("Implementation Approach"),
  };
}

export const isDoneStage = (stage: string): boolean => /^(done|complete|completed|closed)$/.test(stage);

/** Is it work that the portfolio lists? Ended and not yet begun sheets are not. */
export const isOpenStage = (stage: string): boolean =>
  !isDoneStage(stage) && !/^(dropped|killed|cancelled|canceled)$/.test(stage);

function acceptanceProblems({ acceptance, parts }: Subpor): string[] {
  const count = acceptance.length;
  if (!parts.includes("Acceptance") || (count >= 3 && count <= 5)) return [];
  return [`Acceptance: ${count} boxes; 3 to 5 are asked`];
}

/** Done is what every box and one checked reference say (evidence before progress). */
function doneProblems({ stage, acceptance, refs }: Subpor, isVerified: (ref: string) => boolean): string[] {
  if (!isDoneStage(stage)) return [];
  const open = acceptance.filter(({ isDone }) => !isDone).length;
  return [
    ...(open > 0 ? [`stage ${stage}: ${open} of ${acceptance.length} boxes are open`] : []),
    ...(refs.some(isVerified) ? [] : [`stage ${stage}: no reference under Evidence is verified`]),
  ];
}

/** What a sheet lacks, one line each (3.16). `number` = that of its folder; `isVerified`: Muster itself checked it. */
export function lintSubpor(text: string, number: number, isVerified: (ref: string) => boolean = () => false): string[] {
  const sheet = parseSubpor(text);
  const isHeaded = sheet.id !== "" && sheet.owner !== "" && sheet.stage !== "" && sheet.timebox !== "";
  const isOther = sheet.id !== "" && taskNumber(sheet.id) !== number;
  return [
    ...(isHeaded ? [] : ["title: # <id> - <title> - Owner: <peer> - Stage: <stage> - Timebox: <time>"]),
    ...(isOther ? [`title: ${sheet.id} stands in the folder of another number`] : []),
    ...NEEDED.filter(({ name }) => !sheet.parts.includes(name)).map(({ asked }) => `missing: ${asked}`),
    ...(sheet.goal.length > 3 ? [`Goal: ${sheet.goal.length} lines; at most 3`] : []),
    ...acceptanceProblems(sheet),
    ...(sheet.approach.length > 3 ? [`Implementation Approach: ${sheet.approach.length} bullets; at most 3`] : []),
    ...doneProblems(sheet, isVerified),
  ];
}
