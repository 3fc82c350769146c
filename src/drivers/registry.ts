import { nearest } from "../core/nearest.ts";
import type { Driver } from "../core/ports.ts";
import { Refusal } from "../core/refusal.ts";
import { claude } from "./claude.ts";
import { standin } from "./standin.ts";

const DRIVERS: Record<string, Driver> = { claude, "claude-code": claude, standin, mock: standin };

/** Names a person may give, without aliases. */
export const KNOWN_DRIVERS = ["claude", "standin"];

/** The driver of this name; `mock:FILE` is the stand-in with the scenario it plays. */
export function driverNamed(name: string): { driver: Driver; scenario?: string } {
  if (Object.hasOwn(DRIVERS, name)) return { driver: DRIVERS[name] as Driver };
  const [, scenario] = /^(?:mock|standin):(.+)$/s.exec(name) ?? [];
  if (scenario) return { driver: standin, scenario };
  const hint = nearest(name, Object.keys(DRIVERS));
  const known = `known: ${KNOWN_DRIVERS.join(", ")}`;
  throw new Refusal("usage", `no driver named ${name}`, hint ? `did you mean ${hint}? ${known}` : known);
}
