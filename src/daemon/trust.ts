import { copyFile, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "../core/environment.ts";
import type { Hire } from "../core/facts.ts";
import { Refusal } from "../core/refusal.ts";
import { isAgreed } from "../core/review.ts";
import { withTrust } from "../drivers/claude-trust.ts";
import type { Engine } from "../engine/engine.ts";
import { trustRefusal } from "../engine/trust.ts";
import { reviewRepository } from "./repository.ts";

/** Why this driver may not start in this folder yet: it is gone, or its configuration changed since a person agreed to it. */
export async function trustObstacle(
  engine: Engine,
  { hire: { driver, cwd } }: { hire: Pick<Hire, "driver" | "cwd"> },
  env: Environment,
): Promise<string | null> {
  const folder = await stat(cwd).catch(() => null);
  if (!folder?.isDirectory()) return `its folder ${cwd} is gone, moved or deleted; it starts when it is back`;
  if (driver === "standin") return null;
  try {
    const review = await reviewRepository(cwd, env);
    const known = engine.state.repositories[cwd];
    if (isAgreed(review, known)) return null;
    const { message } = trustRefusal(cwd, review, known);
    return `${message}; muster run or muster start there shows it, and agrees with --trust`;
  } catch (error) {
    if (error instanceof Refusal) return `${error.message}; ${error.hint}`;
    throw error;
  }
}

/**
 * Takes Claude Code's own trust question for this folder out of the way, which the person has answered to Muster: one field,
 * with a backup, by rename. A person who never ran Claude Code has no file, and none is made.
 */
export async function acceptTrust(env: Environment, dir: string): Promise<void> {
  const folder = env.CLAUDE_CONFIG_DIR ?? env.HOME;
  if (!folder) return;
  const path = join(folder, ".claude.json");
  const found = await stat(path).catch(() => null);
  if (!found) return;
  const before = await readFile(path, "utf8");
  const after = withTrust(before, dir);
  if (after === before) return;
  await copyFile(path, `${path}.before-muster`);
  const temporary = `${path}.muster-${process.pid}.tmp`;
  await writeFile(temporary, after, { mode: found.mode & 0o777 });
  await rename(temporary, path);
}
