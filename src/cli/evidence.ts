import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { callerEnvironment } from "../core/environment.ts";
import { type CardVerdict, cardFrom, type EvidenceCard } from "../core/errands/card.ts";
import { Refusal } from "../core/refusal.ts";
import type { CommandSpec } from "./command.ts";
import { requireRepository } from "./repository.ts";
import { line, paint, table } from "./style.ts";
import { yamlValue } from "./yaml-text.ts";

/** A card file, YAML or JSON; a Refusal names the key, or the line, that is wrong. */
function readCard(path: string): EvidenceCard {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new Refusal("missing", `${path}: ${(error as { code?: string }).code}`, "name a card file");
  }
  return cardFrom(yamlValue(text, (why) => new Refusal("usage", `${path}: ${why}`, "mend the file")));
}

function shown({ title, checks, isPassed, log }: CardVerdict): string {
  const rows = checks.map(({ name, code, millis, isAllowed }) => [
    code === 0 ? paint("green", "ok") : paint(isAllowed ? "yellow" : "red", code === null ? "timeout" : `rc=${code}`),
    line(name),
    paint("dim", `${(millis / 1000).toFixed(1)} s${code !== 0 && isAllowed ? ", allowed" : ""}`),
  ]);
  const verdict = isPassed ? paint("green", "passed") : paint("red", "failed");
  return `${line(title)}: ${verdict}\n${table(rows)}\n${paint("dim", line(log))}`;
}

export const command: CommandSpec = {
  name: "evidence",
  usage: "evidence run CARD",
  summary:
    "Runs the checks of an evidence card (YAML or JSON) in this repository, one after the other, and keeps verdict and log. Ends with 1 when a check failed.",
  examples: ["muster evidence run card.yaml", "muster evidence run card.json --json"],
  flags: {},
  takes: [2, 2],
  async run({ words, cwd, env, daemon, isJson, print }) {
    const [verb = "", file = ""] = words;
    if (verb !== "run") throw new Refusal("usage", `evidence knows no ${verb}`, "muster evidence run CARD");
    const card = readCard(resolve(cwd, file));
    const repo = requireRepository(resolve(cwd));
    const client = await daemon();
    const verdict = await client.post<CardVerdict>("/api/evidence", {
      repo,
      card,
      environment: callerEnvironment(env),
    });
    print(isJson ? JSON.stringify(verdict, null, 1) : shown(verdict));
    return verdict.isPassed ? 0 : 1;
  },
};
