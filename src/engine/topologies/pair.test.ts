import { expect, test } from "bun:test";
import type { Hire } from "../../core/facts.ts";
import { DEFAULT_SETTINGS } from "../../core/settings/settings.ts";
import { type PairOrder, pairLetters } from "./pair.ts";

const hire = (agent: string, seat: string): Hire & { seat: string } => ({
  ...{ agent, seat, driver: "standin", cwd: "/r", permission: "workspace-write", team: "t" },
});
const A = hire("aaaaaaaa", "PeerA");
const B = hire("bbbbbbbb", "PeerB");

function lettersOf(more: Partial<PairOrder> = {}) {
  let count = 0;
  return pairLetters({
    repo: "/r",
    team: "t",
    brief: "",
    hires: [A, B],
    settings: DEFAULT_SETTINGS,
    mid: () => `m-${count++}`,
    ...more,
  });
}

test("P25 (fault 11) the first letters of a team are SYSTEM to each peer, then the task, each with an id of its own", () => {
  const letters = lettersOf({ task: "mend it" });
  expect(letters.map(({ to, kind, from }) => [to, kind, from])).toEqual([
    [A.agent, "system", "system"],
    [B.agent, "system", "system"],
    [A.agent, "letter", "user"],
    [B.agent, "letter", "user"],
  ]);
  expect(new Set(letters.map(({ mid }) => mid)).size).toBe(4);
  expect(lettersOf()).toHaveLength(2);
});

test("P23 SYSTEM says who one is, who the peer is, and where letters go, in four chapters", () => {
  const [a = "", b = ""] = lettersOf().map(({ text }) => text);
  expect(a).toContain("You are PeerA. Your peer is PeerB (standin): an equal.");
  expect(b).toContain("You are PeerB. Your peer is PeerA (standin): an equal.");
  for (const chapter of ["Who you are", "What everything refers to", "How to execute", "How to communicate"]) {
    expect(a).toContain(`## ${chapter}\n`);
  }
  expect(a).toContain("/r/.muster/mailbox/peerA/to_peer.md");
  expect(b).toContain("/r/.muster/mailbox/peerB/inbox/");
  expect(lettersOf({ hires: [A] })[0]?.text).toContain("You work alone");
});

test("the two ways that never lose a letter are both taught", () => {
  for (const { text } of lettersOf()) {
    expect(text).toContain("`muster tell peer` or `muster tell user`");
    expect(text).toMatch(/renamed into \/r\/\.muster\/mailbox\/peer[AB]\/out\//);
  }
});

test("P24 PROJECT.md stands in SYSTEM in full; beyond 64 KB its beginning and its path; without it that is said", () => {
  expect(lettersOf({ brief: "Build a bridge.\n\nAcross the river." })[0]?.text).toEndWith(
    "## The project\nBuild a bridge.\n\nAcross the river.",
  );
  const long = lettersOf({ brief: `${"ä".repeat(40_000)}END` })[0]?.text ?? "";
  expect(long).not.toContain("END");
  expect(long).toEndWith("[cut; the whole text is /r/PROJECT.md]");
  expect(lettersOf()[0]?.text).toContain("PROJECT.md is missing");
});
