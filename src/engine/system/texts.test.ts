import { afterEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { PairHouse } from "../../../test/fakes/pair-house.ts";
import { type SettingsChanges, settingsFrom } from "../../core/settings/settings.ts";
import type { Order } from "./place.ts";
import { orderOf, RulebookReactor } from "./reactor.ts";
import { refreshText, rulebook, systemText } from "./texts.ts";

const A = { agent: ANN, driver: "claude", seat: "PeerA" };
const B = { agent: BOB, driver: "codex", seat: "PeerB" };
const order = (changes: SettingsChanges = {}, hires = [A, B]): Order => ({
  ...{ repo: "/r", team: "t", hires, settings: settingsFrom(changes) },
});
const rules = (seat: string, changes?: SettingsChanges, hires?: Order["hires"]): string =>
  rulebook(order(changes, hires as never))[`${seat.toUpperCase()}.md`] ?? "";

test("P23 the rules of a seat have four chapters, and there is one file for each seat, Aux and the Foreman", () => {
  expect(Object.keys(rulebook(order()))).toEqual(["PEERA.md", "PEERB.md", "AUX.md", "FOREMAN.md"]);
  for (const text of Object.values(rulebook(order()))) {
    const chapters = text.split("\n").filter((line) => line.startsWith("## "));
    expect(chapters).toEqual([
      ...["## 1. Who you are", "## 2. What everything refers to"],
      ...["## 3. How to execute", "## 4. How to communicate"],
    ]);
    expect(text).toStartWith("<!-- Made by Muster from the settings; rules of your own go into local.md");
  }
  expect(Object.keys(rulebook(order({}, [A])))).toEqual(["PEERA.md", "AUX.md", "FOREMAN.md"]);
});

test("P23 SYSTEM is short, names the bindings and points to the rules", () => {
  const text = systemText(order(), "PeerB", "");
  expect(text).toContain("You are PeerB. Your peer is PeerA (claude): an equal.");
  expect(text).toContain("Bindings: PeerA claude, PeerB codex, Aux none, Foreman none.");
  expect(text).toContain("Your rules: /r/.muster/rules/PEERB.md.");
  expect(text.length).toBeLessThan(3600);
  for (const mark of ["<FROM_USER>", "<FROM_PeerA>", "<FROM_PeerB>", "<FROM_SYSTEM>"]) expect(text).toContain(mark);
  const aux = { roles: { aux: { actor: "gemini" } } };
  expect(systemText(order({ cli_profiles: aux, foreman: { enabled: true, agent: "claude" } }), "PeerA", "")).toContain(
    "Aux gemini, Foreman claude.",
  );
  expect(systemText(order({ foreman: { enabled: false, agent: "claude" } }), "PeerA", "")).toContain("Foreman none.");
});

test("P26 SYSTEM and rules teach when to speak up, with how little", () => {
  for (const text of [systemText(order(), "PeerA", ""), rules("PeerA")]) {
    for (const word of ["ACK it", "EVIDENCE", "CLAIM (1-3 tasks", "QUESTION", "then COUNTER"])
      expect(text).toContain(word);
  }
});

test("P24 a refresh brings PROJECT.md, the rules and the user's own rules, in full", () => {
  const text = refreshText(order(), "PeerB", "Build a bridge.", "Never on Sundays.\n");
  expect(text).toStartWith("# SYSTEM for PeerB of team t, again\n## 1. Who you are\nYou are PeerB.");
  expect(text).toContain("## 4. How to communicate");
  expect(text).toEndWith("## The user's own rules\nNever on Sundays.\n\n## The project\nBuild a bridge.");
  expect(refreshText(order(), "PeerA", "x", " \n")).not.toContain("own rules\n");
});

test("the limits in the texts are those of the settings", () => {
  const changes = {
    policies: {
      patch_queue: { max_diff_lines: 77, allowed_paths: ["lib/**", "x.md"] },
      loop_damping: { max_handoffs_without_evidence: 3 },
      blueprint: { max_steps: 5, dir: "plans" },
    },
  };
  const text = rules("PeerA", changes);
  expect(text).toContain("(at most 77 changed lines; only in lib, x.md)");
  expect(text).toContain("After 3 letters without new evidence");
  expect(text).toContain("plans/T###-slug/task.yaml for each task (id, name, goal, 2-5 steps");
  expect(rules("PeerA", { policies: { loop_damping: { max_handoffs_without_evidence: 0 } } })).not.toContain(
    "letters without",
  );
});

test("P74 P75 the rules say when to plan, who plans and who reviews", () => {
  const text = rules("PeerB");
  expect(text).toContain("Plan before you build when it touches three files or more, more than 50 lines");
  expect(text).toContain("PeerA plans, PeerB reviews: two counters at most, ten minutes, then start.");
  expect(rules("PeerA", {}, [A])).toContain("You plan and review the plan yourself.");
  expect(text).toContain("progress: T001.S1 done");
});

test("P71 the rules give new sheets to PeerB after PeerA's ACK; alone there is nobody to ask", () => {
  expect(rules("PeerA")).toContain("A new SUBPOR only by PeerB, after PeerA's ACK");
  expect(rules("PeerA", {}, [A])).not.toContain("ACK;");
});

test("P53 what cannot be taken back needs an approved RFD, by the rules of every seat", () => {
  const acts = "History rewrites, push, publish, deploy, and deletes outside a patch need an approved RFD";
  expect(rules("PeerA")).toContain(acts);
  expect(rules("PeerA")).toContain("signed by both of you with Sign(rfd=ID, decision=approve|reject)");
  expect(rules("PeerA", {}, [A])).toContain("signed by you with Sign(");
});

test("P69 P66 where an Aux is bound, the rules say how to ask it and where its work belongs; else they do not name it", () => {
  const text = rules("PeerA", { cli_profiles: { roles: { aux: { actor: "gemini", rate_limit_per_minute: 4 } } } });
  expect(text).toContain(
    'Aux (gemini) does one thing for you and forgets it: `muster aux "PROMPT"`, at most 4 a minute',
  );
  expect(text).toContain("Strategic work for it goes into POR, tactical work into the SUBPOR.");
  expect(rules("PeerA")).not.toContain("Aux (");
});

test("P98 alone, two channels are explained with when to use which, and questions to ask oneself", () => {
  const text = rules("PeerA", {}, [A]);
  expect(text).toContain("You work alone; Muster keeps the rhythm and the user decides.");
  expect(text).toContain("| a step is done and there is more to do | to_peer.md |");
  expect(text).toContain("| a milestone | both |");
  expect(text).toContain("| the task is complete, a decision is needed, an error or a doubt | to_user.md |");
  expect(text).toContain("After each major step, before a commit and whenever unsure, ask yourself");
  expect(text).toContain("- Work log, read by Muster: write /r/.muster/mailbox/peerA/to_peer.md whole");
  expect(text).not.toContain("To your peer");
  expect(rules("PeerA")).not.toContain("Two channels");
});

test("P19 specialties are said to who has them", () => {
  const changes = { roles: { specialties: { peerB: ["tests", "speed"], peerA: ["words"] } } };
  expect(rules("PeerB", changes)).toContain(
    "an equal. You plan, build, criticise and converge by evidence. You are asked for tests, speed first.",
  );
  expect(rules("PeerA", changes)).toContain("You are asked for words first.");
});

let it: PairHouse | undefined;
afterEach(async () => {
  await it?.end();
  it = undefined;
});

test("P23 the rules are written anew when the settings they are made of change, and only then", async () => {
  it = new PairHouse();
  const written: Record<string, string>[] = [];
  const state = () => (it as PairHouse).state;
  it.run(new RulebookReactor({ state, writeRules: async (_, files) => void written.push(files) }) as never);
  await it.settle();
  expect(written).toHaveLength(1);
  const load = (hash: string, lines: number) =>
    it?.observe({
      ...{ type: "settings.loaded", team: "pair", hash, warnings: [] },
      changes: { policies: { patch_queue: { max_diff_lines: lines } } },
    });
  load("h2", 150);
  await it.settle();
  expect(written).toHaveLength(1);
  load("h3", 99);
  await it.settle();
  expect(written).toHaveLength(2);
  expect(written[1]?.["PEERA.md"]).toContain("at most 99 changed lines");
  expect(orderOf(it.state, it.team)).toMatchObject({ repo: "/r", hires: [{ seat: "PeerA" }, { seat: "PeerB" }] });
});

test("P23 what a team reads is this, word for word", () => {
  const all = (changes: SettingsChanges, hires?: Order["hires"]) => {
    const place = order(changes, hires as never);
    return { ...rulebook(place), SYSTEM: systemText(place, "PeerA", "The brief.") };
  };
  expect(all({})).toMatchSnapshot("a pair");
  expect(all({}, [A])).toMatchSnapshot("one alone");
  const strict: SettingsChanges = {
    cli_profiles: { delivery: { require_ack: true }, roles: { aux: { actor: "gemini" } } },
    foreman: { enabled: true, agent: "claude" },
  } as SettingsChanges;
  expect(all(strict)).toMatchSnapshot("a pair with a helper, a Foreman, acknowledgements and no patch queue");
});
