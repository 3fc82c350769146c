import { expect, test } from "bun:test";
import { crewFacts, History } from "../../test/fakes/history.ts";
import { stuck } from "./stuck.ts";

test("A91 what of a team does not go on is told with its reason: a pause, held letters, blocked steps", () => {
  const history = new History();
  const told = () => stuck(history.state).map(({ team, what, why, about }) => [team, what, why, about]);
  history.fold(crewFacts());
  expect(told()).toEqual([]);
  const letter = (mid: string) => ({ mid, from: "a0000001", to: "b0000002", kind: "letter", team: "crew" });
  for (const mid of ["m-1", "m-2"]) {
    const queued = { type: "message.queued", ...letter(mid), number: 1, size: 1, preview: "x", body: "x" };
    history.fold([
      queued,
      { type: "message.held", mid, rule: "rate", reason: `31 letters in a minute, ${mid}` },
    ] as never);
  }
  const step = { id: "S1", name: "measure", done: "timed", status: "in_progress" };
  const plan = { id: "T001", name: "Search", steps: [step], status: "active", path: "docs/por/T001/task.yaml" };
  history.fold([
    { type: "task.seen", team: "crew", task: plan },
    {
      ...{ type: "task.moved", team: "crew", author: "a0000001", letter: "m-1", n: 1, id: "T001", step: "S1" },
      ...{ action: "blocked", reason: "no access to the data" },
    },
    { type: "team.paused", team: "crew" },
  ] as never);
  expect(told()).toEqual([
    ["crew", "2 letters are held", "31 letters in a minute, m-1", "m-1"],
    ["crew", "T001 S1 is blocked", "no access to the data", "crew"],
    ["crew", "is paused", "letters and patches wait until somebody resumes it", "crew"],
  ]);
  history.fold([{ type: "team.stopped", team: "crew", reason: "the end" }] as never);
  expect(told()).toEqual([]);
});
