import type { Driver } from "../core/ports.ts";
import { Refusal } from "../core/refusal.ts";
import { claude } from "./claude.ts";
import { standin } from "./standin.ts";

const DRIVERS: Record<string, Driver> = { claude, "claude-code": claude, standin, mock: standin };

/** Names a person may give, without aliases. */
const KNOWN_DRIVERS = ["claude", "standin"];

/** Steps from one word to the other: letters added, left out or changed. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const change = (row[j] ?? 0) + (letter === b[j] ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function nearest(name: string): string | undefined {
  const [best] = Object.keys(DRIVERS)
    .map((known) => ({ known, steps: distance(name, known) }))
    .sort((a, b) => a.steps - b.steps);
  return best && best.steps <= 3 && best.steps < best.known.length ? best.known : undefined;
}

/** The driver of this name; `mock:FILE` is the stand-in with the scenario it plays. */
export function driverNamed(name: string): { driver: Driver; scenario?: string } {
  if (Object.hasOwn(DRIVERS, name)) return { driver: DRIVERS[name] as Driver };
  const [, scenario] = /^(?:mock|standin):(.+)$/s.exec(name) ?? [];
  if (scenario) return { driver: standin, scenario };
  const hint = nearest(name);
  const known = `known: ${KNOWN_DRIVERS.join(", ")}`;
  throw new Refusal("usage", `no driver named ${name}`, hint ? `did you mean ${hint}? ${known}` : known);
}
