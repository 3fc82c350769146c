import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MAIN = join(import.meta.dir, "..", "..", "main.ts");
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "muster-print-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(prompt: string, ...args: string[]) {
  return Bun.spawn([process.execPath, "--no-install", MAIN, "standin", "--print", ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", HOME: folder, TMPDIR: folder },
    stdin: new TextEncoder().encode(prompt),
    stdout: "pipe",
    stderr: "pipe",
  });
}
async function print(prompt: string, ...args: string[]) {
  const ran = start(prompt, ...args);
  const [out, err] = await Promise.all([new Response(ran.stdout).text(), new Response(ran.stderr).text()]);
  return { out, err, code: await ran.exited };
}

test("without a terminal the stand-in does what its prompt says, prints what it says, and leaves nothing of its own", async () => {
  const { out, err, code } = await print("WRITE: a.txt hello\nRUN: echo ran > b.txt\nSAY: done so far\nSAY: done");
  expect([out, err, code]).toEqual(["done so far\ndone\n", "", 0]);
  expect(readFileSync(join(folder, "a.txt"), "utf8")).toBe("hello\n");
  expect(readFileSync(join(folder, "b.txt"), "utf8")).toBe("ran\n");
  expect(
    readdirSync(folder)
      .filter((name) => name !== ".bun")
      .sort(),
  ).toEqual(["a.txt", "b.txt"]);
});

test("it keeps to its level, plays a scenario, and fails as a CLI does", async () => {
  const scenario = join(folder, "scenario.yaml");
  writeFileSync(scenario, '- when: "limit"\n  do: [{limit: "no quota"}]\n- when: "boom"\n  do: [{crash: 9}]\n');
  expect((await print("WRITE: no.txt x\nSAY: tried", "--permission", "read-only")).out).toBe("tried\n");
  expect(existsSync(join(folder, "no.txt"))).toBe(false);
  expect(await print("limit", "--scenario", scenario)).toEqual({ out: "", err: "no quota\n", code: 1 });
  expect((await print("boom", "--scenario", scenario)).code).toBe(9);
  expect((await print("hello", "--scenario", scenario)).out).toBe("ECHO: hello\n");
  expect((await print("hello", "--scenario", "missing.yaml")).code).toBe(64);
});

test("the Foreman's letter lies in its mailbox, in the Foreman's form", async () => {
  await print("TELL: peer run the build", "--seat", "Foreman");
  const box = join(folder, ".muster", "mailbox", "foreman");
  expect(readFileSync(join(box, "to_peer.md"), "utf8")).toBe("<TO_PEER>\nrun the build\n</TO_PEER>\n");
  expect(readdirSync(box)).toEqual(["to_peer.md"]);
});

test("told to end, it ends what it has begun", async () => {
  const ran = start("RUN: echo $$ > pid; exec sleep 60");
  while (!existsSync(join(folder, "pid")) || readFileSync(join(folder, "pid"), "utf8") === "") await Bun.sleep(10);
  const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
  ran.kill("SIGTERM");
  expect(await ran.exited).toBe(143);
  const isGone = (): boolean => {
    try {
      process.kill(pid, 0);
      return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
    } catch {
      return true;
    }
  };
  while (!isGone()) await Bun.sleep(10);
  expect(isGone()).toBe(true);
});
