import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openForemanMailbox, takeForemanLetter } from "./foreman.ts";

let repo: string;
let run: string;
let count = 0;
beforeAll(() => {
  repo = mkdtempSync(join(tmpdir(), "muster-foreman-"));
  openForemanMailbox(repo);
});
beforeEach(() => {
  run = join(repo, `run${count++}`);
  mkdirSync(run);
});
afterAll(() => rmSync(repo, { recursive: true, force: true }));

const box = (): string => join(repo, ".muster", "mailbox", "foreman", "to_peer.md");
const take = () =>
  takeForemanLetter(repo, run, async (path) => {
    if (readFileSync(path, "utf8") === "linked") throw new Error("it is a symbolic link");
    return readFileSync(path);
  });

test("P63 what the Foreman wrote is taken by rename into its run's folder, and read there again after a crash", async () => {
  expect(await take()).toBeNull();
  writeFileSync(box(), "To: Both\n");
  expect(await take()).toBe("To: Both\n");
  expect(existsSync(box())).toBe(false);
  writeFileSync(box(), "the next one");
  expect(await take()).toBe("To: Both\n");
  expect(readFileSync(box(), "utf8")).toBe("the next one");
  rmSync(box());
});

test("P27 P63 other encodings are read, what is no text or no plain file says so", async () => {
  writeFileSync(box(), new Uint8Array([0xff, 0xfe, 0x61, 0, 0x62, 0]));
  expect(await take()).toContain("ab");
  run = join(repo, "binary");
  mkdirSync(run);
  writeFileSync(box(), new Uint8Array([0xff, 1, 0x80, 2, 0x81, 3]));
  await expect(take()).rejects.toMatchObject({ message: "it is not text" });
  run = join(repo, "link");
  mkdirSync(run);
  writeFileSync(join(repo, "secret"), "linked");
  symlinkSync(join(repo, "secret"), box());
  await expect(take()).rejects.toMatchObject({ code: "failed", message: "it is a symbolic link" });
});
