import { Refusal } from "../refusal.ts";
import { flag, list, Misshapen, number, object, optional, type Shape, text } from "../shape.ts";
import type { CheckDone } from "./facts.ts";

/** One command that a person wants proven. */
export interface CardCheck {
  name: string;
  run: string;
  timeout_sec?: number;
  allow_failure?: boolean;
}

/** What a person wants proven: commands of their own, and what they are about (P12). */
export interface EvidenceCard {
  title: string;
  kind: string;
  /** Kept with the verdict as it is. */
  meta?: unknown;
  checks: CardCheck[];
}

const anything: Shape<unknown> & { isOptional: true } = { isOptional: true, read: (value) => value };
const words = text({ min: 1, max: 4096 });

/** The shape of a card; a Misshapen names the key. */
const cardShape = object({
  title: words,
  kind: words,
  meta: anything,
  checks: list(
    object({
      name: words,
      run: words,
      timeout_sec: optional(number(1, 3600)),
      allow_failure: optional(flag),
    }),
  ),
});

/** A card out of a file's document; a Refusal names the key that is wrong. */
export function cardFrom(document: unknown): EvidenceCard {
  try {
    const card = cardShape.read(document, "") as EvidenceCard;
    if (card.checks.length === 0) throw new Misshapen("checks", "at least one is needed");
    return card;
  } catch (error) {
    if (!(error instanceof Misshapen)) throw error;
    const known = "title, kind, meta, checks: name, run, timeout_sec, allow_failure";
    throw new Refusal("usage", `the card is wrong: ${error.message}`, `keys of a card: ${known}`);
  }
}

export interface CheckOrder {
  /** As a person would type it. */
  line: string;
  cwd: string;
  env: Record<string, string>;
  /** Absolute; what it prints is added. */
  log: string;
  limitMs: number;
  signal: AbortSignal;
}

/** Runs checks of cards, one after the other into one log. */
export interface CheckRuns {
  /** A new log of this name in the repository's `.muster/work/logs`; its absolute path. */
  open(repo: string, name: string): Promise<string>;
  /** Exit code; null = it ran out of its time, or was ended. */
  run(order: CheckOrder): Promise<number | null>;
}

/** What came of a card. */
export interface CardVerdict {
  title: string;
  kind: string;
  isPassed: boolean;
  /** Relative to the repository. */
  log: string;
  checks: CheckDone[];
}
