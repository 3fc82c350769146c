import { expect, test } from "bun:test";
import { failure } from "./answer.ts";

/** The status and the words of an answer for what was thrown. */
async function told(thrown: unknown): Promise<unknown[]> {
  const quiet = console.error;
  console.error = () => {};
  const answer = failure(thrown);
  console.error = quiet;
  const { error } = (await answer.json()) as { error: { code: string; message: string; hint: string } };
  return [answer.status, error.code, error.message, error.hint];
}

test("a full disk is said with the next step: the log that a bug is in may have no room either", async () => {
  const full = [500, "failed", "no space is left for Muster's home, and nothing was changed", "make room, then again"];
  for (const code of ["SQLITE_FULL", "ENOSPC"])
    expect(await told(Object.assign(new Error("full"), { code }))).toEqual(full);
  expect(await told(new Error("a bug"))).toEqual([500, "internal", "Internal error", "the daemon's log has it"]);
});
