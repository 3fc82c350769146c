import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Recount } from "../../src/cli/prove/recount.ts";
import { MUTATIONS } from "../../src/cli/prove.ts";
import { isListening } from "../../src/client/connect.ts";
import { startOf } from "../../src/tmux/processes.ts";
import { until } from "./world.ts";

const MAIN = join(import.meta.dir, "..", "..", "src", "main.ts");

interface Proof extends Recount {
  kills: number;
  states: Record<string, number>;
  folder: string;
}

/** Runs `muster prove` with a temporary folder of its own. */
async function prove(play: (code: number, proof: Proof) => Promise<void>, ...args: string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "muster-journey-"));
  const env = { PATH: process.env.PATH ?? "", HOME: folder, LANG: "C.UTF-8", TMPDIR: folder };
  const argv = [process.execPath, "--no-install", MAIN, "prove", ...args, "--seed", "7", "--json"];
  const child = Bun.spawn(argv, { env, cwd: folder, stdin: "ignore", stdout: "pipe", stderr: "inherit" });
  try {
    const out = await new Response(child.stdout).text();
    await play(await child.exited, JSON.parse(out));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const lines = (path: string): string[] => readFileSync(path, "utf8").split("\n").filter(Boolean);

test("muster prove delivery: sixty messages across six kills arrive once each, whole, in order", async () => {
  await prove(
    async (code, proof) => {
      expect(proof).toMatchObject({ sent: 60, arrived: 60, lost: [], doubled: [], fused: [], reordered: [], kills: 6 });
      expect(code).toBe(0);
      expect(Object.keys(proof.states)).toEqual(["delivered"]);
      // What it claims can be counted by hand.
      expect(lines(join(proof.folder, "sent.jsonl"))).toHaveLength(60);
      const kills = lines(join(proof.folder, "kills.jsonl")).map((line) => JSON.parse(line).pid);
      expect(new Set(kills).size).toBe(6);
      for (const pid of kills) expect(existsSync(`/proc/${pid}`)).toBe(false);
    },
    ...["delivery", "--messages", "60", "--kills", "6"],
  );
}, 60_000);

test("muster prove that is interrupted leaves no daemon, no tmux and no agent behind", async () => {
  const folder = mkdtempSync(join(tmpdir(), "muster-journey-"));
  const env = { PATH: process.env.PATH ?? "", HOME: folder, LANG: "C.UTF-8", TMPDIR: folder };
  const argv = [process.execPath, "--no-install", MAIN, "prove", "delivery", "--messages", "1000", "--kills", "100"];
  const child = Bun.spawn(argv, { env, cwd: folder, stdin: "ignore", stdout: "ignore", stderr: "inherit" });
  try {
    const home = await until("it is at work", () => {
      const [name] = readdirSync(folder).filter((one) => one.startsWith("muster-proof-"));
      const kills = name && join(folder, name, "kills.jsonl");
      return kills && existsSync(kills) && lines(kills).length > 1 && join(folder, name, "home");
    });
    const [tmux = ""] = readFileSync(join(home, "tmux.pid"), "utf8").split("\n");
    child.kill("SIGINT");
    expect(await child.exited).toBe(130);
    expect(await isListening(join(home, "daemon.sock"))).toBe(false);
    expect(startOf(Number(tmux))).toBeNull();
  } finally {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

/** What each mutation must be seen to break. */
const BROKEN: Record<string, "fused" | "doubled"> = {
  "ignore-drafts": "fused",
  "no-receipt": "doubled",
  "no-look": "doubled",
};

test("every mutation of muster prove has its test", () => {
  expect(Object.keys(BROKEN)).toEqual(Object.keys(MUTATIONS));
});

for (const [name, broken] of Object.entries(BROKEN)) {
  test.concurrent(`muster prove delivery --mutate ${name} fails: ${broken} messages`, async () => {
    await prove(
      async (code, proof) => {
        expect(proof.sent).toBe(60);
        expect(proof[broken].length).toBeGreaterThan(0);
        expect(code).toBe(1);
      },
      ...["delivery", "--messages", "60", "--kills", "0", "--mutate", name],
    );
  }, 60_000);
}
