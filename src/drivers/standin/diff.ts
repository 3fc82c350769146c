/** Lines with their ends kept. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const CONTEXT = 3;

const shared = (
  a: string[],
  b: string[],
  most: number,
  at: (list: string[], n: number) => string | undefined,
): number => {
  let n = 0;
  while (n < most && at(a, n) === at(b, n)) n++;
  return n;
};

const marked = (sign: string, line: string): string =>
  line.endsWith("\n") ? sign + line : `${sign}${line}\n\\ No newline at end of file\n`;

const range = (start: number, count: number): string => `${count === 0 ? start : start + 1},${count}`;

/** A unified diff with one hunk, as `git apply` reads it; null text = the file does not exist on that side. */
export function unifiedDiff(path: string, before: string | null, after: string | null): string {
  if (before === after) return "";
  const a = linesOf(before ?? "");
  const b = linesOf(after ?? "");
  const head = shared(a, b, Math.min(a.length, b.length), (list, n) => list[n]);
  const tail = shared(a, b, Math.min(a.length, b.length) - head, (list, n) => list[list.length - 1 - n]);
  const from = Math.max(0, head - CONTEXT);
  const rest = Math.min(tail, CONTEXT);
  const hunk = [
    ...a.slice(from, head).map((line) => marked(" ", line)),
    ...a.slice(head, a.length - tail).map((line) => marked("-", line)),
    ...b.slice(head, b.length - tail).map((line) => marked("+", line)),
    ...a.slice(a.length - tail, a.length - tail + rest).map((line) => marked(" ", line)),
  ];
  const kept = tail - rest;
  const ranges = `@@ -${range(from, a.length - kept - from)} +${range(from, b.length - kept - from)} @@\n`;
  const mode = before === null ? "new file mode 100644\n" : after === null ? "deleted file mode 100644\n" : "";
  const names = `--- ${before === null ? "/dev/null" : `a/${path}`}\n+++ ${after === null ? "/dev/null" : `b/${path}`}\n`;
  const body = hunk.length === 0 ? "" : names + ranges + hunk.join("");
  return `diff --git a/${path} b/${path}\n${mode}${body}`;
}
