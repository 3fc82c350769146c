import type { LineCounter, Node, Document as Yaml } from "yaml";
import type { StatusChange } from "../core/boards/moves.ts";
import type { Document } from "../core/boards/port.ts";

/** A text that is no document: where (`3:5`) and why. */
export class NotYaml extends Error {
  constructor(
    readonly at: string,
    message: string,
  ) {
    super(message);
  }
}

/** Aliases may multiply a small file into a large value. */
const MOST_ALIASES = 20;

const pathOf = (keys: string): (string | number)[] =>
  keys.split(".").map((key) => (/^\d+$/.test(key) ? Number(key) : key));

/** `line:column` of a place in the text, from 1. */
function placeAt(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${line}:${col}`;
}

async function parsed(text: string): Promise<{ document: Yaml; lines: LineCounter }> {
  // Loaded with the first plan: whoever has none does not pay for it.
  const { LineCounter, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const [error] = document.errors;
  if (error) throw new NotYaml(placeAt(lines, error.pos[0]), error.message.split(" at line ")[0] ?? error.message);
  return { document, lines };
}

/** The value of a document, with the places of its keys. Throws NotYaml. */
export async function readDocument(text: string): Promise<Document> {
  const { document, lines } = await parsed(text);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    throw new NotYaml("1:1", error instanceof Error ? error.message : String(error));
  }
  const place = (keys: string): string => {
    for (let path = pathOf(keys); path.length > 0; path = path.slice(0, -1)) {
      const node = document.getIn(path, true) as Node | undefined;
      if (node?.range) return placeAt(lines, node.range[0]);
    }
    return "1:1";
  };
  return { value, place };
}

/** Where a change goes: the path of its status field; null = the step is not there. */
function fieldOf(document: Yaml, change: StatusChange): (string | number)[] | null {
  if (!("step" in change)) return ["status"];
  const { steps } = document.toJS({ maxAliasCount: MOST_ALIASES }) as { steps?: { id?: unknown }[] };
  const index = steps?.findIndex(({ id }) => id === change.step) ?? -1;
  return index < 0 ? null : ["steps", index, "status"];
}

/**
 * The text with these status fields. A field that is there is replaced in place, so that every other byte stays; only where
 * one is missing the document is written anew, comments kept.
 */
export async function withStatuses(text: string, changes: StatusChange[]): Promise<string> {
  const { document } = await parsed(text);
  const edits: { from: number; to: number; status: string }[] = [];
  let isWhole = true;
  for (const change of changes) {
    const path = fieldOf(document, change);
    if (!path) continue;
    const node = document.getIn(path, true) as (Node & { source?: string; anchor?: string }) | undefined;
    if (node?.range && node.source !== undefined && !node.anchor)
      edits.push({ from: node.range[0], to: node.range[1], status: change.status });
    else isWhole = false;
    document.setIn(path, change.status);
  }
  if (isWhole) return spliced(text, edits);
  const written = document.toString({ lineWidth: 0, flowCollectionPadding: /\{ /.test(text) });
  return text.includes("\r\n") ? written.replace(/\r?\n/g, "\r\n") : written;
}

function spliced(text: string, edits: { from: number; to: number; status: string }[]): string {
  let result = text;
  for (const { from, to, status } of [...edits].sort((left, right) => right.from - left.from)) {
    result = result.slice(0, from) + status + result.slice(to);
  }
  return result;
}
