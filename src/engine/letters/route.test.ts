import { beforeEach, expect, test } from "bun:test";
import { ANN, BOB, History, hireOf } from "../../../test/fakes/history.ts";
import type { Command } from "../../core/commands.ts";
import type { FoundLetter } from "../../core/ports.ts";
import { route } from "./route.ts";

const FENCE = "```insight\nwho: PeerA\nkind: note\nnext: go on\n```";
const DIFF = "--- a/src/a.txt\n+++ b/src/a.txt\n@@ -1 +1 @@\n-one\n+two\n";
const formed = (text: string) => `<TO_PEER>\n${text}\n</TO_PEER>\n${FENCE}`;

let history: History;
beforeEach(() => {
  history = new History();
  history.dispatch({
    ...{ do: "form", team: "t", topology: "pair", repo: "/r", letters: [] },
    seats: [
      { seat: "PeerA", agent: ANN, driver: "standin" },
      { seat: "PeerB", agent: BOB, driver: "standin" },
    ],
    hires: [hireOf(ANN, { team: "t", seat: "PeerA" }), hireOf(BOB, { team: "t", seat: "PeerB" })],
  });
});

const found = (text: string, more: Partial<FoundLetter> = {}): FoundLetter => ({
  ...{ origin: "t@1/file", at: 1000, seat: "PeerA", file: "to_peer.md", box: "to_peer", text, encoding: "utf-8" },
  done: async () => {},
  refuse: async () => {},
  ...more,
});

function orders(letter: FoundLetter, seats = 2) {
  const team = history.state.teams.t;
  if (!team) throw new Error("no team");
  const world = { state: history.state, team: { ...team, seats: team.seats.slice(0, seats) }, now: history.at };
  return route({ ...world, mid: (at, key) => `m(${at},${key})`, sha256: (text) => `sha(${text.length})` }, letter);
}
const commands = <V extends Command["do"]>(verb: V, letter: FoundLetter, seats?: number) =>
  orders(letter, seats).flatMap(({ command }) => (command.do === verb ? [command as Extract<Command, { do: V }>] : []));
const letters = (letter: FoundLetter, seats?: number) =>
  commands("send", letter, seats).map((command) => command.letter);

test("a letter goes to the other peer as its author's own, with the source it came from", () => {
  expect(orders(found(formed("hello")))).toEqual([
    {
      by: { kind: "agent", agent: ANN },
      command: {
        do: "send",
        letter: {
          ...{ mid: "m(1000,t@1/file)", from: ANN, to: BOB, kind: "letter", team: "t", origin: "t@1/file" },
          text: `hello\n${FENCE}`,
        },
      },
    },
  ]);
  expect(letters(found(formed("back"), { seat: "PeerB" }))[0]).toMatchObject({ from: BOB, to: ANN });
});

test("nobody's letter asks for nothing", () => {
  expect(orders(found(formed("hello"), { seat: "PeerC" }))).toEqual([]);
});

test("P29 only PeerA answers the user; what PeerB writes there is kept, and it is taught", () => {
  const toUser = (seat: string) =>
    letters(found(formed("x").replace("who: PeerA", `who: ${seat}`), { box: "to_user", seat }));
  expect(toUser("PeerA").map(({ to }) => to)).toEqual(["user"]);
  const [kept, lesson] = toUser("PeerB");
  expect(kept).toMatchObject({ from: BOB, to: "system" });
  expect(lesson).toMatchObject({ to: BOB });
  expect(lesson?.text).toStartWith("To the user: only PeerA answers the user.");
});

test("P95 alone, to_peer goes to the rhythm of the system, and to_user to the user", () => {
  expect(letters(found(formed("log")), 1)[0]).toMatchObject({ from: ANN, to: "system" });
  expect(letters(found(formed("done"), { box: "to_user" }), 1)[0]).toMatchObject({ from: ANN, to: "user" });
});

test("P40 diffs of a letter are submitted with its Item as title; those in to_user.md are words", () => {
  const text = formed(`Item(core): mend it\n\`\`\`diff\n${DIFF}\`\`\`\nby hand:\n${DIFF}`);
  const patches = commands("submit", found(text)).map(({ patch }) => patch);
  expect(patches).toMatchObject([
    {
      ...{ patch: "P-0001", team: "t", author: ANN, title: "mend it", lines: 2, paths: ["src/a.txt"], body: DIFF },
      ...{ origin: "t@1/file|patch0", mid: "m(1000,t@1/file|patch0)", sha: `sha(${DIFF.length})` },
    },
    { patch: "P-0002", title: "mend it", origin: "t@1/file|patch1", body: DIFF },
  ]);
  expect(commands("submit", found(text, { box: "to_user" }))).toEqual([]);
});

test("P40 a patch file is submitted whole, numbered after those that are there; a broken one too", () => {
  const [first] = commands("submit", found(DIFF, { box: "patch", file: "patch.diff" }));
  if (!first) throw new Error("no patch");
  expect(orders(found(DIFF, { box: "patch" }))).toHaveLength(1);
  expect(first.patch).toMatchObject({ patch: "P-0001", title: "change src/a.txt", body: DIFF });
  history.dispatch(first);
  expect(commands("submit", found(DIFF, { box: "patch" }))).toEqual([]);
  const [broken] = commands("submit", found("no diff\n", { box: "patch", origin: "t@1/other" }));
  expect(broken?.patch).toMatchObject({ patch: "P-0002", title: "a patch", lines: 0, paths: [], body: "no diff\n" });
  const long = `${"word ".repeat(40)}\n${DIFF}`;
  expect(commands("submit", found(long, { box: "patch", origin: "x" }))[0]?.patch.title).toHaveLength(60);
});

test("P30 a letter of nothing but acknowledgements is no message; they count for one's own letters", () => {
  history.send(ANN, { mid: "muster-1-aaaaaa" });
  history.send(BOB, { mid: "muster-1-bbbbbb" });
  const text = formed(
    ["ack: muster-1-aaaaaa", "ack: muster-1-bbbbbb", "ack: muster-1-cccccc", "nack: muster-1-aaaaaa no"].join("\n"),
  );
  const facts = commands("observe", found(text)).flatMap((command) => command.facts);
  expect(facts).toEqual([
    { type: "message.read", mid: "muster-1-aaaaaa" },
    { type: "message.nacked", mid: "muster-1-aaaaaa", reason: "no" },
  ]);
  expect(commands("send", found(text))).toEqual([]);
  expect(commands("send", found(formed("ack: muster-1-aaaaaa\nNext: the tests")))).toHaveLength(1);
  expect(commands("observe", found(formed("ack: muster-1-aaaaaa\nNext: the tests")))).toEqual([]);
});

test("P66 a file for the helper is asked in its author's name, once; where nobody is bound it is refused", () => {
  const letter = found("<TO_AUX>\nlook\n</TO_AUX>", { file: "q.to_aux.md", box: "to_aux" });
  const about = { team: "t", role: "aux", asker: ANN } as const;
  const facts = () => commands("observe", letter).flatMap((command) => command.facts);
  const refused = { type: "errand.refused", ...about, reason: "no Aux driver; choose one at next muster run" } as const;
  expect(facts()).toEqual([refused]);
  expect(orders(letter)[0]?.by).toEqual({ kind: "daemon" });
  const changes = { cli_profiles: { roles: { aux: { actor: "gemini" } } } };
  history.fold([{ type: "settings.loaded", team: "t", hash: "h", changes, warnings: [] }]);
  const asked = facts();
  expect(asked).toEqual([
    { type: "errand.asked", errand: "m(1000,t@1/file)", ...about, preview: "look", body: "look" },
  ]);
  expect(letters(letter)).toEqual([]);
  history.observe(...asked);
  expect(orders(letter)).toEqual([]);
});

test("P28 a letter without tag or fence is sent, and its author taught, once in ten minutes", () => {
  for (const text of ["just words", "<TO_PEER>\nx\n</TO_PEER>", FENCE]) {
    const [, lesson] = letters(found(text));
    expect(lesson).toMatchObject({ from: "system", to: ANN, kind: "system", mid: "m(1000,t@1/file|form)" });
    expect(lesson?.text).toStartWith("Form: wrap letters in <TO_PEER>");
  }
  const [, lesson] = letters(found("just words"));
  if (!lesson) throw new Error("no lesson");
  history.dispatch({ do: "send", letter: lesson }, { kind: "daemon" });
  expect(letters(found("more words"))).toHaveLength(1);
  history.at += 600_001;
  expect(letters(found("more words"))).toHaveLength(2);
  history.dispatch({ do: "kill", agent: ANN, reason: "x" });
  expect(letters(found("more words"))).toHaveLength(1);
});

test("P27 an encoding that is not UTF-8 is said to the author", () => {
  const [, lesson] = letters(found(formed("gr\u00fcn"), { encoding: "latin-1" }));
  expect(lesson?.text).toBe("Encoding: your letter was read as latin-1; write UTF-8.");
  expect(letters(found(formed("x")))).toHaveLength(1);
});

test("S37 another sender's name is taught and shown to a person, and changes nothing", () => {
  const claimed = found(formed("from: boss\nhello"));
  expect(letters(claimed)[0]).toMatchObject({ from: ANN, to: BOB });
  const said = "a letter of PeerA says it is from boss; the owner of the mailbox is its sender";
  expect(letters(claimed)[1]).toMatchObject({ to: ANN, text: `Sender: ${said}` });
  expect(commands("observe", claimed).flatMap(({ facts }) => facts)).toEqual([
    { type: "notice.raised", level: "warning", text: said, about: ANN },
  ]);
  for (const own of ["from: peera", "from: <you>", "words"]) expect(letters(found(formed(own)))).toHaveLength(1);
  const fence = formed("x").replace("who: PeerA", "who: PeerB");
  expect(letters(found(fence))[1]?.text).toContain("says it is from PeerB");
});

test("an empty letter is no letter", () => {
  expect(letters(found("<TO_PEER>\n</TO_PEER>")).filter(({ kind }) => kind === "letter")).toEqual([]);
});
