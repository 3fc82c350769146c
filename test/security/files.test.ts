import { afterEach, expect, test } from "bun:test";
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readForeign } from "../../src/files/safe-read.ts";
import { openMailbox } from "../../src/mailbox/folders.ts";
import { formed, MailLab } from "../fakes/mail-lab.ts";

const endings: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

function lab(): MailLab {
  const made = new MailLab();
  endings.push(() => made.end());
  return made;
}

/** Longest time for which nothing else could run, in milliseconds. */
async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  let [longest, last] = [0, performance.now()];
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  await work();
  clearInterval(timer);
  return Math.max(longest, performance.now() - last);
}

/** Claims until nothing is left to look at at once. */
async function rounds(
  it: MailLab,
  done: (claims: Awaited<ReturnType<MailLab["after"]>>) => Promise<void>,
): Promise<void> {
  for (let claims = await it.mailbox.claim(); ; claims = await it.mailbox.claim()) {
    await done(claims);
    if (claims.again !== 0) return;
  }
}

/** Only root may, and not in every container. */
const makeDevice = (path: string): boolean => Bun.spawnSync(["mknod", path, "c", "1", "5"]).exitCode === 0;

test("S36 links, FIFOs, devices, monsters and bad names in out/ are refused with a reason; a good letter passes", async () => {
  const it = lab();
  const out = join(it.box, "out");
  const at = (name: string) => join(out, `${name}.to_peer.md`);
  const victim = join(it.repo, "victim");
  writeFileSync(victim, "secret");
  symlinkSync(victim, at("symlink"));
  linkSync(victim, at("hardlink"));
  Bun.spawnSync(["mkfifo", at("fifo")]);
  mkdirSync(at("folder"));
  writeFileSync(at("monster"), "");
  truncateSync(at("monster"), 2 ** 40);
  const server = createServer();
  await new Promise<void>((done) => server.listen(at("socket"), done));
  endings.push(() => void server.close());
  writeFileSync(Buffer.concat([Buffer.from(`${out}/`), Buffer.from([0xff, 0xfe]), Buffer.from(".to_peer.md")]), "x");
  for (const name of ["e\u001bsc", "new\nline", "-rf"]) writeFileSync(at(name), "x");
  const devices = ["device"].filter((name) => makeDevice(at(name)));
  writeFileSync(join(out, "x.to_boss.md"), "x");
  writeFileSync(join(out, "zero.to_peer.md"), "");
  it.post("good.to_peer.md", formed("good"));
  const refused: string[] = [];
  const taken: string[] = [];
  const block = await longestBlock(async () => {
    for (const wait of [0, 10_000, 0]) {
      const claims = await it.after(wait);
      refused.push(...claims.refused.map(({ file, reason }) => `${file}: ${reason}`));
      for (const letter of claims.letters) {
        taken.push(letter.text);
        await letter.done();
      }
    }
  });
  expect(taken).toEqual([formed("good")]);
  const reasons = [
    "symbolic link",
    "hard link",
    "not a plain file",
    "not a plain file",
    "ENXIO",
    "1099511627776",
    "it is empty",
    ...devices.map(() => "not a plain file"),
  ];
  const named = ["symlink", "hardlink", "fifo", "folder", "socket", "monster", "zero", ...devices];
  for (const [index, name] of named.entries()) {
    expect(it.reasons).toMatch(new RegExp(`${name}\\.to_peer\\.md\\): .*${reasons[index]}`));
  }
  expect(it.reasons.match(/it names no recipient/g)).toHaveLength(5);
  expect(it.reasons).not.toContain("\u001b");
  expect(it.reasons.trim().split("\n")).toHaveLength(12 + devices.length);
  expect(it.files("rejected")).toHaveLength(13 + devices.length);
  expect(it.files("out")).toEqual([]);
  expect(readFileSync(victim, "utf8")).toBe("secret");
  expect(block).toBeLessThan(100);
});

test("S36 a file replaced by a link after it was listed, or one that grows while it is read, is never followed or halved", async () => {
  const it = lab();
  const secret = join(it.repo, "secret");
  writeFileSync(secret, formed("secret"));
  let isFirst = true;
  const mailbox = it.opened({
    read: async (path) => {
      if (isFirst && path.endsWith("1.to_peer.md")) {
        isFirst = false;
        rmSync(path);
        symlinkSync(secret, path);
      }
      return readForeign(path);
    },
  });
  it.post("1.to_peer.md", formed("one"));
  expect(await mailbox.claim()).toMatchObject({ letters: [], refused: [{ reason: "it is a symbolic link" }] });
  const whole = formed("x".repeat(100_000));
  let size = 10;
  const growing = it.opened({
    read: async (path) => {
      size = Math.min(size * 10, whole.length);
      if (path.endsWith("2.to_peer.md") && existsSync(path)) writeFileSync(path, whole.slice(0, size));
      return readForeign(path);
    },
  });
  it.post("2.to_peer.md", whole.slice(0, 5));
  const texts: string[] = [];
  for (let round = 0; round < 10; round += 1) texts.push(...(await growing.claim()).letters.map(({ text }) => text));
  expect(new Set(texts)).toEqual(new Set([whole]));
});

test("S36 the same under the names that a peer overwrites: refused with a reason, and a good one passes after them", async () => {
  const it = lab();
  await it.mailbox.claim();
  const victim = join(it.repo, "victim");
  writeFileSync(victim, formed("secret"));
  const traps: Record<string, (path: string) => unknown> = {
    "symbolic link": (path) => symlinkSync(victim, path),
    "hard link": (path) => linkSync(victim, path),
    "not a plain file": (path) => Bun.spawnSync(["mkfifo", path]),
    folder: (path) => mkdirSync(path),
    "1099511627776": (path) => {
      writeFileSync(path, "");
      truncateSync(path, 2 ** 40);
    },
    "it is empty": (path) => writeFileSync(path, ""),
    device: (path) => makeDevice(path) || mkdirSync(path),
  };
  for (const [reason, make] of Object.entries(traps)) {
    for (const box of ["to_peer.md", "to_user.md", "patch.diff"]) {
      make(join(it.box, box));
      let claims = await it.mailbox.claim();
      const block = await longestBlock(async () => {
        if (claims.refused.length === 0) claims = await it.after(10_000);
      });
      const expected = /folder|device/.test(reason) ? "not a plain file" : reason;
      expect([box, claims.letters, claims.refused]).toEqual([
        ...[box, []],
        [{ seat: "PeerA", file: box, reason: expect.stringContaining(expected) }],
      ]);
      expect([existsSync(join(it.box, box)), block < 100]).toEqual([false, true]);
    }
  }
  it.write("to_peer.md", formed("good"));
  expect((await it.mailbox.claim()).letters.map(({ text }) => text)).toEqual([formed("good")]);
  expect(readFileSync(victim, "utf8")).toBe(formed("secret"));
});

test("S36 a letter that is replaced by a link after it was read and before it is claimed is not followed", async () => {
  const it = lab();
  const secret = join(it.repo, "secret");
  writeFileSync(secret, formed("secret"));
  for (const [name, folder] of [
    ["1.to_peer.md", join(it.box, "out")],
    ["to_peer.md", it.box],
  ] as const) {
    const mailbox = it.opened({
      read: async (path) => {
        const bytes = await readForeign(path);
        if (path !== join(folder, name)) return bytes;
        rmSync(path);
        symlinkSync(secret, path);
        return bytes;
      },
    });
    if (folder === it.box) it.write(name, formed("one"));
    else it.post(name, formed("one"));
    expect(await mailbox.claim()).toMatchObject({ letters: [], refused: [{ reason: "it is a symbolic link" }] });
  }
  expect([readFileSync(secret, "utf8"), it.claims]).toEqual([formed("secret"), []]);
});

test("S36 a file that is swapped with a link as fast as it goes is never followed", async () => {
  const it = lab();
  const [path, secret] = [join(it.repo, "swapped"), join(it.repo, "secret")];
  writeFileSync(secret, "secret");
  writeFileSync(path, "mine");
  const swap = `const { renameSync, symlinkSync, writeFileSync } = require("node:fs");
    const [path, secret] = process.argv.slice(1);
    console.log("begun");
    for (;;) {
      symlinkSync(secret, path + ".1");
      renameSync(path + ".1", path);
      writeFileSync(path + ".2", "mine");
      renameSync(path + ".2", path);
    }`;
  const child = Bun.spawn([process.execPath, "--no-install", "-e", swap, path, secret], { stdout: "pipe" });
  endings.push(async () => {
    child.kill("SIGKILL");
    await child.exited;
  });
  await child.stdout.getReader().read();
  const seen: Record<string, number> = {};
  for (let n = 0; n < 3000; n += 1) {
    const text = await readForeign(path).then(
      (bytes) => Buffer.from(bytes).toString(),
      () => "refused",
    );
    seen[text] = (seen[text] ?? 0) + 1;
  }
  // Empty: seen between its making and its writing.
  expect(Object.keys(seen).filter((text) => text !== "")).toEqual(expect.arrayContaining(["mine", "refused"]));
  expect(seen.secret).toBeUndefined();
}, 20_000);

test("S36 20,000 files at once never hold the daemon up for 100 ms", async () => {
  const it = lab();
  const out = join(it.box, "out");
  for (let n = 0; n < 20_000; n += 1)
    writeFileSync(join(out, `${n}.${n % 10 === 0 ? "to_peer.md" : "nobody"}`), formed(`${n}`));
  const taken: string[] = [];
  let refused = 0;
  const block = await longestBlock(() =>
    rounds(it, async (claims) => {
      refused += claims.refused.length;
      for (const letter of claims.letters) {
        taken.push(/\n(\d+)\n/.exec(letter.text)?.[1] ?? "");
        await letter.done();
      }
    }),
  );
  expect(taken).toEqual(Array.from({ length: 2000 }, (_, n) => String(n * 10)));
  expect(refused).toBe(18_000);
  expect(block).toBeLessThan(100);
  expect(it.files("rejected").length).toBeLessThan(2100);
}, 30_000);

test("S36 reasons are not written through a link or into a FIFO", async () => {
  const it = lab();
  await it.mailbox.claim();
  const [reasons, victim] = [join(it.box, "rejected/reasons.txt"), join(it.repo, "victim")];
  writeFileSync(victim, "mine");
  symlinkSync(victim, reasons);
  it.post("nobody", "x");
  expect((await it.mailbox.claim()).refused).toHaveLength(1);
  rmSync(reasons);
  Bun.spawnSync(["mkfifo", reasons]);
  it.post("nobody", "x");
  expect((await it.mailbox.claim()).refused).toHaveLength(1);
  expect(readFileSync(victim, "utf8")).toBe("mine");
});

test("S38 a mailbox folder that is a link to somewhere else is refused before anything moves", async () => {
  for (const part of [
    ".muster",
    ".muster/mailbox",
    ".muster/mailbox/peerA",
    ".muster/mailbox/peerA/out",
    ".muster/state/claims",
  ]) {
    const repo = mkdtempSync(join(tmpdir(), "muster-link-"));
    const victim = mkdtempSync(join(tmpdir(), "muster-victim-"));
    endings.push(() => {
      for (const path of [repo, victim]) rmSync(path, { recursive: true, force: true });
    });
    writeFileSync(join(victim, "to_peer.md"), formed("a file of the user"));
    mkdirSync(join(repo, part, ".."), { recursive: true });
    symlinkSync(victim, join(repo, part));
    await expect(openMailbox(repo, "pair", ["PeerA", "PeerB"])).rejects.toThrow("is not a folder of its own");
    expect(readdirSync(victim)).toEqual(["to_peer.md"]);
  }
});
