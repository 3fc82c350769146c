import { expect, test } from "bun:test";
import { EVERY_FACT } from "../../test/fakes/every-fact.ts";
import { ANN, BOB, History } from "../../test/fakes/history.ts";
import type { Event, Fact } from "./facts.ts";
import { ledgerLines } from "./ledger-kinds.ts";
import { sentence } from "./sentence.ts";
import { concerns, subjectOf, teamOf } from "./subject.ts";

const history = new History();
history.dispatch({
  ...{ do: "form", team: "pair", topology: "pair", repo: "/r", letters: [] },
  seats: [
    { seat: "PeerA", agent: ANN, driver: "standin" },
    { seat: "PeerB", agent: BOB, driver: "standin" },
  ],
  hires: [ANN, BOB].map((agent, n) => ({
    ...{ agent, driver: "standin", cwd: "/r", permission: "workspace-write", team: "pair" },
    seat: n === 0 ? "PeerA" : "PeerB",
  })),
});
history.send(BOB, { mid: "m-1", from: ANN, team: "pair" });

const events = Object.entries(EVERY_FACT).flatMap(([type, forms]) =>
  forms.map((form): Event => ({ ...form, type, seq: 7, at: 1_764_345_600_000, by: "system" }) as unknown as Event),
);

test("P37 every fact is told in one sentence, in the same words each time", () => {
  const said = events.map((event) => {
    const { tone, who, text } = sentence(event, history.state);
    return `${event.type}: ${tone} ${who}: ${text}`;
  });
  expect(said.join("\n")).toMatchSnapshot();
});

test("P37 every fact has its line in a team's ledger, or none, in the kinds that readers know", () => {
  const lines = events.map((event) => `${event.type}: ${JSON.stringify(ledgerLines(event, history.state, "pair"))}`);
  expect(lines.join("\n")).toMatchSnapshot();
});

test("what a fact is about, whose it is, and whom it concerns", () => {
  const about = events.map((event) => {
    const fact = event as Fact;
    const { state } = history;
    return `${event.type}: ${subjectOf(fact)} of ${teamOf(fact, state)}, ${concerns(fact, state, "pair")} ${concerns(fact, state, "x")}`;
  });
  expect(about.join("\n")).toMatchSnapshot();
});
