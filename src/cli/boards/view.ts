import type { BoardsView } from "../../core/boards/view.ts";
import { nearest } from "../../core/nearest.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Call } from "../command.ts";
import { requireRepository } from "../repository.ts";
import { duration, line, paint } from "../style.ts";

/** The boards of the repository that the shell is in, with the client that asked for them. */
export async function boardsHere({ cwd, daemon }: Pick<Call, "cwd" | "daemon">) {
  const repo = requireRepository(cwd);
  const client = await daemon();
  const view = await client.get<BoardsView>(`/api/boards?repo=${encodeURIComponent(repo)}`);
  return { repo, client, view };
}

/** The word that says what to do, one of these. */
export function verbIn<V extends string>(command: string, word: string, verbs: readonly V[]): V {
  const found = verbs.find((verb) => verb === word);
  if (found) return found;
  const meant = nearest(word, [...verbs]);
  const hint = meant
    ? `did you mean muster ${command} ${meant}?`
    : verbs.map((verb) => `muster ${command} ${verb}`).join(", ");
  throw new Refusal("usage", `${command} knows no ${word}`, hint);
}

export const age = (at: number, now: number): string => duration(now - at);

/** `in order`, or how much misses. */
export function lintWord(lint: string[]): string {
  if (lint.length === 0) return paint("green", "in order");
  return paint("yellow", lint.length === 1 ? "1 to mend" : `${lint.length} to mend`);
}

/** What is wrong with a board, one line each; the result is the exit code. */
export function lintShown({ isJson, print }: Pick<Call, "isJson" | "print">, path: string, lint: string[]): number {
  if (isJson) print(JSON.stringify({ path, lint }, null, 1));
  else if (lint.length === 0) print(`${path} ${paint("green", "in order")}`);
  else print([`${path} ${lintWord(lint)}`, ...lint.map((one) => `  ${line(one)}`)].join("\n"));
  return lint.length === 0 ? 0 : 1;
}

/** Files that cannot be understood, for the end of an answer; empty when all can. */
export const errorsShown = (errors: string[]): string =>
  errors.map((error) => `\n${paint("red", line(error))}`).join("");
