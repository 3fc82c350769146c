import { expect, test } from "bun:test";
import type { Dialog } from "../core/dialog.ts";
import type { JobRow } from "../core/job-row.ts";
import { shownAsked } from "./answer.ts";

const row = (tool: string): JobRow => ({ agent: "a1", question: { id: "q", tool, input: "x", at: 1 } }) as never;
const dialog: Dialog = {
  ...{ agent: "a1", screen: "s1", lines: ["Which?", "1. Red"], until: 9 },
  choices: [{ key: "1", label: "Red" }],
};
const KEY = "  muster answer a1 1 --screen s1   Red";

test("a question of yes and no names allow and deny, and the keys of its dialog when there is one", () => {
  const asked = ["a1 asks to use Bash: x", "  muster answer a1 allow, or deny"];
  expect(shownAsked(row("Bash"), null)).toEqual(asked);
  expect(shownAsked(row("Bash"), dialog)).toEqual([...asked, "Which?", "1. Red", "", KEY]);
});

test("a question with answers of its own names the keys that choose one, never allow or deny", () => {
  const asked = "a1 asks to use AskUserQuestion: x";
  expect(shownAsked(row("AskUserQuestion"), dialog)).toEqual([asked, "Which?", "1. Red", "", KEY]);
  expect(shownAsked(row("AskUserQuestion"), null)).toEqual([
    ...[asked, "  its choices are not on its screen now: muster attach a1"],
  ]);
});
