import { readFileSync, rmSync } from "node:fs";
import type { Home } from "../../client/home.ts";
import type { Kept } from "./plan.ts";
import { writeOwn } from "./settings-file.ts";

/** Our folder of programs that a person's settings name. */
export const hooksOf = ({ folder }: Home): string => `${folder}/hooks`;

const recordOf = (home: Home): string => `${hooksOf(home)}/installed.json`;

const hashOf = (text: string): string => new Bun.CryptoHasher("sha256").update(text).digest("hex");

type Installed = Record<string, Kept & { after: string }>;

function read(home: Home): Installed {
  try {
    const value: unknown = JSON.parse(readFileSync(recordOf(home), "utf8"));
    return typeof value === "object" && value !== null ? (value as Installed) : {};
  } catch {
    // Lost or torn: what is ours is then found by its mark.
    return {};
  }
}

/** What was put into these settings, if they are still as we left them. */
export function keptOf(home: Home, settings: string, text: string): Kept | null {
  const all = read(home);
  const kept = Object.hasOwn(all, settings) ? all[settings] : undefined;
  return kept && Array.isArray(kept.insertions) && kept.after === hashOf(text) ? kept : null;
}

/** `null`: nothing of ours is in these settings any more. */
export function keep(home: Home, settings: string, text: string, kept: Kept | null): void {
  const { [settings]: _, ...others } = read(home);
  const all = kept ? { ...others, [settings]: { ...kept, after: hashOf(text) } } : others;
  if (Object.keys(all).length === 0) rmSync(recordOf(home), { force: true });
  else writeOwn(recordOf(home), `${JSON.stringify(all)}\n`, 0o600);
}

/** Do other settings still name our programs? */
export const isAnyKept = (home: Home): boolean => Object.keys(read(home)).length > 0;
