/** One heading of a board with what stands under it. `level` 1 = `#`; the text before the first heading has level 0. */
export interface Section {
  level: number;
  title: string;
  /** Lines under it, without fenced ones. */
  lines: string[];
  /** Line number of the heading, from 0. */
  at: number;
}

const FENCE = /^\s*(`{3,}|~{3,})(.*)$/;

/** Each line with whether it stands in a code fence (the fence's own lines do, too). */
export function fenced(lines: string[]): boolean[] {
  let open = "";
  return lines.map((line) => {
    const [, mark = "", rest = ""] = FENCE.exec(line) ?? [];
    if (open === "") {
      open = mark;
      return mark !== "";
    }
    if (mark.startsWith(open) && rest.trim() === "") open = "";
    return true;
  });
}

/** The sections of a board in order; headings in code fences are none. */
export function sectionsOf(text: string): Section[] {
  const lines = text.split(/\r?\n/);
  const inside = fenced(lines);
  const sections: Section[] = [{ level: 0, title: "", lines: [], at: -1 }];
  for (const [at, line] of lines.entries()) {
    if (inside[at]) continue;
    const [, marks, title = ""] = /^(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line) ?? [];
    if (marks) sections.push({ level: marks.length, title, lines: [], at });
    else sections.at(-1)?.lines.push(line);
  }
  return sections;
}

/** A name without case, marks and what stands in brackets: `Risk Radar & Mitigations (up/down)` = `risk radar mitigations`. */
const plainName = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\([^)]*\)/g, " ")
    .replace(/[^a-z0-9]+/g, " ")
    .trim();

/** Does a heading or a bullet's label carry this name? It may say more behind it. */
export const isNamed = (title: string, name: string): boolean => {
  const [given, wanted] = [plainName(title), plainName(name)];
  return given === wanted || given.startsWith(`${wanted} `);
};

export interface Bullet {
  label: string;
  /** What stands behind the colon and in indented lines under it. */
  text: string;
}

/** `- Label: text` and `Label: text` lines, with the lines that belong to them. */
export function bulletsOf(lines: string[]): Bullet[] {
  const bullets: Bullet[] = [];
  for (const line of lines) {
    const [, label, text = ""] =
      /^(?:[-*]\s+)?(?:\*\*)?([A-Z][^:\n]{1,60}?)(?:\*\*)?:(?:\*\*)?\s*(.*)/.exec(line) ?? [];
    const last = bullets.at(-1);
    if (label) bullets.push({ label, text: text.trim() });
    else if (last) last.text = `${last.text}\n${line.trim()}`.trim();
  }
  return bullets;
}

/** Lines that say something: no blank ones, no comments, no placeholders in angle brackets or of dots. */
export const saying = (lines: string[]): string[] =>
  lines.map((line) => line.trim()).filter((line) => !/^<[^>]*>$|^<!--.*-->$|^[-*]?\s*(\.{3}|…)?$/.test(line));

/** References in a text: what Muster can check, and files with a place. */
export const refsIn = (text: string): string[] => [
  ...new Set(
    [...text.matchAll(/\b(?:commit:[0-9a-f]{6,40}|log:[^\s,\])|;]+|cmd:[^,\])|;\n]*?::\w+|rfd-[a-z0-9-]+)/gi)].map(
      ([ref]) => ref,
    ),
  ),
];
