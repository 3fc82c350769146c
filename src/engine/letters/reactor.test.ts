import { afterEach, beforeEach, expect, test } from "bun:test";
import { ANN, BOB } from "../../../test/fakes/history.ts";
import { formed } from "../../../test/fakes/mail-lab.ts";
import { PairHouse } from "../../../test/fakes/pair-house.ts";
import type { Claims, FoundLetter } from "../../core/ports.ts";
import { LetterReactor } from "./reactor.ts";

let it: PairHouse;
let claims: Partial<Claims>;
let done: string[];
let looks: number;

beforeEach(() => {
  it = new PairHouse({ changes: { policies: { handoff_filter: { enabled: false } } } });
  [claims, done, looks] = [{}, [], 0];
  const claim = async (): Promise<Claims> => {
    looks += 1;
    const found = { letters: [], refused: [], filed: [], found: [], ...claims };
    claims = {};
    return found;
  };
  const sha256 = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest("hex");
  const dispatch = (command: never, by: never) => void it.dispatch(command, by);
  const world = { clock: it.clock, state: () => it.state, dispatch, mailbox: () => ({ claim }) as never, sha256 };
  it.run(new LetterReactor(world) as never);
});
afterEach(() => it.end());

const letter = (text: string, more: Partial<FoundLetter> = {}): FoundLetter => {
  const origin = more.origin ?? `pair@1/${done.length}-${text.length}`;
  return {
    ...{ origin, at: it.clock.now(), seat: "PeerA", file: "to_peer.md", box: "to_peer", encoding: "utf-8" },
    text: formed(text),
    done: async () => void done.push(`done ${origin}`),
    refuse: async (reason) => void done.push(`refused ${reason}`),
    ...more,
  } as FoundLetter;
};
const look = async (next: Partial<Claims>, ms = 1000): Promise<void> => {
  claims = next;
  await it.clock.pass(ms);
};
const texts = (to: string): string[] =>
  it
    .facts("message.queued")
    .filter((fact) => fact.to === to && fact.from !== "system")
    .map(({ preview }) => preview);

test("P27 a claimed letter comes into the log first, and its file goes then", async () => {
  let inLog = false;
  const one = letter("Ask(to=peerB): one?", {
    done: async () => {
      inLog = texts(BOB).length === 1;
    },
  });
  await look({ letters: [one] });
  expect([inLog, texts(BOB).length]).toEqual([true, 1]);
});

test("P27 a letter that is found again after a crash is not sent again, and its file goes", async () => {
  const one = letter("Ask(to=peerB): one?", { origin: "pair@1/a" });
  await look({ letters: [one] });
  await look({ letters: [one] });
  expect(texts(BOB)).toHaveLength(1);
  expect(done).toEqual(["done pair@1/a", "done pair@1/a"]);
});

test("F18 another text under a name that was taken is refused, and its author told where it is", async () => {
  await look({ letters: [letter("Ask(to=peerB): one?", { origin: "pair@1/out/x#aa" })] });
  await look({ letters: [letter("Ask(to=peerB): two?", { origin: "pair@1/out/x#bb", file: "x.to_peer.md" })] });
  const reason = "a file x.to_peer.md with another text was sent before; take a new name";
  expect(done.at(-1)).toBe(`refused ${reason}`);
  expect(texts(BOB)).toHaveLength(1);
  expect(it.facts("letter.refused")).toMatchObject([{ team: "pair", seat: "PeerA", file: "x.to_peer.md", reason }]);
  expect(it.told(ANN).map(({ text }) => text)).toEqual([
    `Refused: x.to_peer.md was not delivered: ${reason}. It is in rejected/ of your mailbox, with all reasons in reasons.txt.`,
  ]);
});

test("a letter that cannot be granted is refused with the reason, and those behind it are taken", async () => {
  it.dispatch({ do: "kill", agent: BOB, reason: "gone" });
  await look({ letters: [letter("Ask(to=peerB): one?"), letter("Done.", { box: "to_user", origin: "pair@1/u" })] });
  expect(done).toEqual([`refused agent ${BOB} has ended (gone)`, "done pair@1/u"]);
  expect(texts("user")).toHaveLength(1);
});

test("P30 what a reader filed is read, for its own letters only", async () => {
  const mid = it.write(ANN, BOB, "Ask(to=peerB): one?");
  it.deliver(mid);
  await look({
    filed: [
      { seat: "PeerA", mid },
      { seat: "PeerB", mid: "muster-1-none00" },
    ],
  });
  expect(it.message(mid).isRead).toBe(false);
  await look({ filed: [{ seat: "PeerB", mid }] });
  expect(it.message(mid).isRead).toBe(true);
});

test("P30 a file that somebody put into an inbox is a fact", async () => {
  await look({ found: [{ seat: "PeerB", file: "notes.md" }] });
  expect(it.facts("letter.found")).toMatchObject([{ team: "pair", seat: "PeerB", file: "notes.md" }]);
});

test("of many refused files of one look twenty are named, and the others counted", async () => {
  const refused = Array.from({ length: 23 }, (_, n) => ({ seat: "PeerA", file: `f${n}`, reason: "no" }));
  await look({ refused });
  const files = it.facts("letter.refused").map(({ file }) => file);
  expect([files.length, files[0], files.at(-2), files.at(-1)]).toEqual([21, "f0", "f19", "f20 and 2 more"]);
  const before = it.log.read(0).length;
  await look({});
  expect(it.log.read(0)).toHaveLength(before);
});

test("a mailbox is looked at again when it says so, and every second at the latest", async () => {
  await look({ again: 50 });
  const before = looks;
  await it.clock.pass(50);
  expect(looks).toBe(before + 1);
  await look({ again: 5000 });
  const later = looks;
  await it.clock.pass(999);
  expect(looks).toBe(later);
  await it.clock.pass(1);
  expect(looks).toBe(later + 1);
});

test("a team that ended while its letters were taken gets no more of them", async () => {
  const first = letter("Ask(to=peerB): one?", {
    origin: "pair@1/1",
    done: async () => void it.dispatch({ do: "stop", team: "pair", reason: "x" }),
  });
  await look({ letters: [first, letter("Ask(to=peerB): two?", { origin: "pair@1/2" })] });
  expect(texts(BOB)).toHaveLength(1);
  expect(done).toEqual([]);
});

test("P47 references of a letter to the peer are cited once, those of the user's words are not", async () => {
  await look({ letters: [letter("Evidence(refs=[commit:abc, commit:abc, note]): x")] });
  expect(it.facts("evidence.cited").map(({ ref, author }) => [ref, author])).toEqual([["commit:abc", ANN]]);
  it.dispatch({
    do: "send",
    letter: { mid: "u", from: "user", to: ANN, kind: "letter", text: "Evidence(refs=[commit:def]): y", team: "pair" },
  });
  expect(it.facts("evidence.cited")).toHaveLength(1);
});
