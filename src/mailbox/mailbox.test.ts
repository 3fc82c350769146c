import { afterEach, expect, test } from "bun:test";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { formed, MailLab } from "../../test/fakes/mail-lab.ts";
import { inboxName, placeLetter } from "./inbox.ts";

const labs: MailLab[] = [];
const lab = (): MailLab => {
  const made = new MailLab();
  labs.push(made);
  return made;
};
afterEach(() => {
  for (const made of labs.splice(0)) made.end();
});

const texts = ({ letters }: { letters: { text: string }[] }): string[] => letters.map(({ text }) => text);

test("a letter with its closed tag and fence is claimed at once, and is gone when it is done", async () => {
  const it = lab();
  it.write("to_peer.md", formed("hello"));
  const { letters } = await it.mailbox.claim();
  expect(letters).toMatchObject([{ seat: "PeerA", box: "to_peer", file: "to_peer.md", text: formed("hello") }]);
  expect(it.files(".")).not.toContain("to_peer.md");
  expect(it.claims).toHaveLength(1);
  await letters[0]?.done();
  expect(it.claims).toEqual([]);
  expect(texts(await it.mailbox.claim())).toEqual([]);
});

test("F17 a letter without a form waits for 300 ms of stillness, counted anew with each change", async () => {
  const it = lab();
  it.write("to_user.md", "half");
  expect(await it.mailbox.claim()).toMatchObject({ letters: [], again: 50 });
  expect(texts(await it.after(299))).toEqual([]);
  it.write("to_user.md", "half and half");
  expect(texts(await it.after(299))).toEqual([]);
  expect(texts(await it.after(1))).toEqual(["half and half"]);
});

test("P28 an open tag or fence is never delivered as half a letter: after 10 s its writer is told", async () => {
  const it = lab();
  for (const cut of ["<TO_PE", "<TO_PEER>\nhello", formed("hello").slice(0, -4)]) {
    it.write("to_peer.md", cut);
    expect(await it.after(9_999)).toMatchObject({ letters: [], refused: [] });
    const { refused } = await it.after(1);
    expect(refused).toEqual([{ seat: "PeerA", file: "to_peer.md", reason: "its tag or its fence is never closed" }]);
  }
});

test("a claim that a crash left behind is found again under the same origin", async () => {
  const it = lab();
  it.write("to_peer.md", formed("one"));
  it.post("a.to_user.md", formed("two"));
  const first = await it.mailbox.claim();
  const second = await it.opened().claim();
  expect(texts(second)).toEqual([formed("one"), formed("two")]);
  expect(second.letters.map(({ origin }) => origin)).toEqual(first.letters.map(({ origin }) => origin));
});

test("F17 a writer that goes on in a file which was just claimed is waited for", async () => {
  const it = lab();
  it.write("to_peer.md", formed("one"));
  await it.mailbox.claim();
  const claim = join(it.repo, ".muster/state/claims", it.claims[0] ?? "");
  writeFileSync(claim, formed("two").slice(0, 30));
  expect(await it.mailbox.claim()).toMatchObject({ letters: [], again: 50 });
  writeFileSync(claim, formed("two"));
  expect(texts(await it.mailbox.claim())).toEqual([formed("two")]);
});

test("files in out/ are taken in the order of their names, numbers by value; temporary names are left alone", async () => {
  const it = lab();
  for (const name of ["10", "9", "a-2", "a-10"]) it.post(`${name}.to_peer.md`, formed(name));
  for (const name of [".x.to_peer.md", "x.to_peer.md.tmp", "x.to_peer.md~"]) it.post(name, "not yet");
  expect(texts(await it.mailbox.claim())).toEqual(["9", "10", "a-2", "a-10"].map(formed));
  expect(it.files("out")).toHaveLength(3);
});

test("F17 a file written slowly into out/ keeps those behind it waiting", async () => {
  const it = lab();
  writeFileSync(join(it.box, "out/1.to_peer.md"), formed("one").slice(0, 20));
  it.post("2.to_peer.md", formed("two"));
  expect(texts(await it.mailbox.claim())).toEqual([]);
  writeFileSync(join(it.box, "out/1.to_peer.md"), formed("one"));
  expect(texts(await it.mailbox.claim())).toEqual([formed("one"), formed("two")]);
});

test("F17 what a writer that died left half written in out/ is nobody's letter, and goes after 36 hours", async () => {
  const it = lab();
  const hour = 3_600_000;
  const left = (name: string, age: number) => {
    writeFileSync(join(it.box, "out", name), formed("half").slice(0, 20));
    const at = (it.clock.time - age) / 1000;
    utimesSync(join(it.box, "out", name), at, at);
  };
  left(".old.to_peer.md.tmp", 35.5 * hour);
  left(".young.to_peer.md.tmp", 0);
  mkdirSync(join(it.box, "out", ".folder.tmp"));
  expect(await it.mailbox.claim()).toEqual({ letters: [], refused: [], filed: [], found: [] });
  expect(it.files("out")).toEqual([".folder.tmp", ".old.to_peer.md.tmp", ".young.to_peer.md.tmp"]);
  expect(await it.after(hour)).toEqual({ letters: [], refused: [], filed: [], found: [] });
  expect(it.files("out")).toEqual([".folder.tmp", ".young.to_peer.md.tmp"]);
});

test("F18 the name of a file in out/ is its id: its origin names the source and the content", async () => {
  const it = lab();
  const origin = async (text: string): Promise<string> => {
    it.post("1.to_peer.md", formed(text));
    const [letter] = (await it.mailbox.claim()).letters;
    await letter?.done();
    return letter?.origin ?? "";
  };
  const [one, again, other] = [await origin("one"), await origin("one"), await origin("other")];
  expect(one).toStartWith("pair@7/PeerA/out/1.to_peer.md#");
  expect(again).toBe(one);
  expect(other).not.toBe(one);
  expect(other.split("#")[0]).toBe(one.split("#")[0] ?? "");
});

test("F18 what is written into a claimed file after it was read is kept", async () => {
  const it = lab();
  it.write("to_peer.md", formed("one"));
  const [letter] = (await it.mailbox.claim()).letters;
  appendFileSync(join(it.repo, ".muster/state/claims", it.claims[0] ?? ""), "more");
  await letter?.done();
  expect(it.reasons).toContain("it was written on after it had been read");
});

test("P27 letters in other encodings are read, and say how; what is no text is refused", async () => {
  const it = lab();
  const wide = (text: string) => Buffer.from(text, "utf16le");
  const cases: [string, Uint8Array, string, string][] = [
    ["1", Buffer.from("\ufeffgrün"), "utf-8", "grün"],
    ["2", Buffer.concat([Buffer.from([0xff, 0xfe]), wide("grün")]), "utf-16le", "grün"],
    ["3", wide("plain words"), "utf-16le", "plain words"],
    ["4", Buffer.from("gr\u00fcn", "latin1"), "latin-1", "grün"],
    ["5", Buffer.from([0xc4, 0xe3, 0xba, 0xc3]), "gb18030", "你好"],
  ];
  for (const [name, bytes] of cases) it.post(`${name}.to_peer.md`, bytes);
  const found: unknown[] = [];
  for (const _ of cases) found.push(...(await it.after(300)).letters.map(({ text, encoding }) => [encoding, text]));
  expect(found.slice(-5)).toEqual(cases.map(([, , encoding, text]) => [encoding, text]));
  it.post("6.to_peer.md", new Uint8Array([1, 2, 3, 0xff, 0xfe, 5]));
  expect((await it.after(300)).refused).toMatchObject([{ reason: "it is not text" }]);
});

test("P40 a patch is taken byte for byte, and only as UTF-8", async () => {
  const it = lab();
  it.write("patch.diff", "\ufeff--- a\r\n+++ b\r\n no newline");
  const [letter] = (await it.after(300)).letters;
  expect(letter).toMatchObject({ box: "patch", text: "\ufeff--- a\r\n+++ b\r\n no newline" });
  await letter?.done();
  it.write("patch.diff", Buffer.from("+gr\u00fcn", "latin1"));
  expect(await it.after(300)).toMatchObject({ letters: [], refused: [{ reason: "it is not text" }] });
});

test("F19 folders that are deleted beneath us are made again", async () => {
  const it = lab();
  await it.mailbox.claim();
  rmSync(join(it.repo, ".muster"), { recursive: true });
  expect(await it.mailbox.claim()).toEqual({ letters: [], refused: [], filed: [], found: [] });
  it.write("to_peer.md", formed("hello"));
  expect(texts(await it.mailbox.claim())).toEqual([formed("hello")]);
});

test("the mailbox ignores itself in git", async () => {
  const it = lab();
  rmSync(join(it.repo, ".muster"), { recursive: true });
  await it.mailbox.claim();
  expect(readFileSync(join(it.repo, ".muster/.gitignore"), "utf8")).toBe("*\n");
});

test("P30 a letter that its reader moved to the read ones is reported, once", async () => {
  const it = lab();
  const mid = "muster-1700000000-00beef";
  await it.mailbox.claim();
  writeFileSync(join(it.box, "processed", inboxName(4, mid)), "");
  expect((await it.mailbox.claim()).filed).toEqual([{ seat: "PeerA", mid }]);
  expect((await it.mailbox.claim()).filed).toEqual([]);
});

test("an inbox file is never written through a link that waits under its name", async () => {
  const it = lab();
  const [inbox, victim, mid] = [join(it.box, "inbox"), join(it.repo, "victim"), "muster-1700000000-00beef"];
  mkdirSync(inbox, { recursive: true });
  writeFileSync(victim, "mine");
  symlinkSync(victim, join(inbox, `.${inboxName(1, mid)}.tmp`));
  const path = await placeLetter(inbox, { mid, number: 1, sender: "user", at: 0, text: "hello" });
  expect(readFileSync(path, "utf8")).toContain("hello");
  expect(readFileSync(victim, "utf8")).toBe("mine");
});

test("a watched mailbox wakes for a file renamed into out/, and after its folder was made again", async () => {
  const it = lab();
  const ending = new AbortController();
  const waker = { wake: () => {} };
  const woken = () =>
    new Promise<void>((resolve) => {
      waker.wake = resolve;
    });
  it.mailbox.watch(() => waker.wake(), ending.signal);
  const first = woken();
  it.post("1.to_peer.md", formed("one"));
  await first;
  rmSync(join(it.repo, ".muster/mailbox"), { recursive: true });
  await it.mailbox.claim();
  const second = woken();
  it.write("to_peer.md", formed("two"));
  await second;
  ending.abort();
});

test("P30 a file that somebody else put into an inbox is told once; letters of ours and half-written ones are not", async () => {
  const it = lab();
  await it.mailbox.claim();
  const inbox = join(it.box, "inbox");
  writeFileSync(join(inbox, "000001.muster-1700000000-aaaaaa.txt"), "x");
  writeFileSync(join(inbox, "000002.tg-1700000000-aaaaaa-1.txt"), "x");
  writeFileSync(join(inbox, ".half.tmp"), "x");
  writeFileSync(join(inbox, "notes from Ada.md"), "x");
  expect((await it.mailbox.claim()).found).toEqual([{ seat: "PeerA", file: "notes from Ada.md" }]);
  expect((await it.mailbox.claim()).found).toEqual([]);
});

test("fault 26: of a thousand read letters the newest 200 stay, whoever filed them", async () => {
  const it = lab();
  await it.mailbox.claim();
  const processed = join(it.box, "processed");
  for (let n = 1; n <= 1000; n += 1)
    writeFileSync(
      join(processed, `${String(n).padStart(6, "0")}.muster-1700000000-${n.toString(16).padStart(6, "0")}.txt`),
      "x",
    );
  writeFileSync(join(processed, "kept by its reader.md"), "x");
  expect((await it.mailbox.claim()).filed).toHaveLength(1000);
  const names = readdirSync(processed).filter((name) => name.endsWith(".txt"));
  expect([names.length, names.sort()[0]]).toEqual([200, "000801.muster-1700000000-000321.txt"]);
  expect(existsSync(join(processed, "kept by its reader.md"))).toBe(true);
  expect((await it.mailbox.claim()).filed).toEqual([]);
});
