import { afterAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FAULT_POINTS } from "../../src/core/fault-points.ts";
import { openLog } from "../../src/store/log.ts";
import { Lab } from "../fakes/git-lab.ts";
import { A, B, sha256 } from "./team.ts";

const labs: Lab[] = [];
afterAll(() => {
  for (const lab of labs) lab.end();
});

async function daemon(lab: Lab, fault?: string): Promise<string | number> {
  const argv = [process.execPath, "--no-install", join(import.meta.dir, "patches-main.ts"), lab.root, lab.repo];
  const child = Bun.spawn(argv, {
    env: { ...lab.env, ...(fault ? { MUSTER_FAULT: fault } : {}) },
    stdout: "inherit",
    stderr: "inherit",
  });
  await child.exited;
  return child.signalCode ?? child.exitCode ?? -1;
}

function prepared(): Lab {
  const files = { "src/a.txt": "one\n", "src/b.txt": "one\n", "src/c.txt": "one\n" };
  const lab = new Lab({ ...files, "tests/x": "", Makefile: "all:\n" });
  labs.push(lab);
  const paths = ["src/a.txt", "Makefile", "src/b.txt", "src/c.txt"];
  const bodies = paths.map((path) => lab.diffOf(() => lab.write(path, "two\n")));
  const patches = bodies.map((body, n) => ({
    patch: `P-000${n + 1}`,
    mid: `muster-1700000000-00000${n}`,
    origin: `test/${n}`,
    title: `change ${n}`,
    ...{ team: "pair", author: A, sha: sha256(body), lines: 2, paths: [], body },
  }));
  writeFileSync(join(lab.root, "patches.json"), JSON.stringify(patches));
  return lab;
}

describe.concurrent("a daemon that is killed on the patch line commits each patch once and leaves nothing behind", () => {
  /** Which pass kills each life. After the first pass the next life does what is left of a patch, and dies in the next one. */
  const lives = [[1, 1], [2], [3]];
  for (const [point, passes] of FAULT_POINTS.patch.flatMap((name) => lives.map((one) => [name, one] as const))) {
    test(`F1 P41 exactly one commit across kill -9 at ${point}, pass ${passes.join(" and again ")}`, async () => {
      const lab = prepared();
      const first = lab.head;
      for (const pass of passes) expect(await daemon(lab, `${point}:${pass}`)).toBe("SIGKILL");
      expect(await daemon(lab)).toBe(0);
      expect(lab.git("log", "--format=%s", `${first}..HEAD`).trim().split("\n")).toEqual([
        "muster(PeerA): change 3",
        "muster(PeerA): change 2",
        "muster(PeerA): change 0",
      ]);
      expect(["src/a.txt", "src/b.txt", "src/c.txt"].map((path) => lab.read(path))).toEqual([
        "two\n",
        "two\n",
        "two\n",
      ]);
      expect(lab.git("status", "--porcelain")).toBe("");
      expect(readdirSync(join(lab.repo, ".muster/worktrees"))).toEqual([]);
      const log = openLog(join(lab.root, "ledger.db"));
      const events = log.read(0, 1000);
      const ends = events.filter(({ type }) => type === "patch.committed" || type === "patch.refused");
      const told = events.flatMap((event) => (event.type === "message.queued" ? [`${event.to} ${event.preview}`] : []));
      log.close();
      expect(ends.map(({ type }) => type.slice(6))).toEqual(["committed", "refused", "committed", "committed"]);
      const each = ["P-0001", "P-0002", "P-0003", "P-0004"];
      expect(told.map((text) => text.split(" ").slice(0, 2).join(" ")).toSorted()).toEqual(
        [A, B, "user"].flatMap((to) => each.map((patch) => `${to} ${patch}`)).toSorted(),
      );
      expect(told.find((text) => text.includes("P-0002"))).toContain("patch-reject(path-not-allowed: Makefile)");
      const archived = readdirSync(join(lab.repo, ".muster/mailbox/peerA/processed/patches"));
      expect(archived.map((name) => name.split("__")[1]).toSorted()).toEqual(["commit", "commit", "commit", "reject"]);
      expect(archived.every((name) => /^\d{8}T\d{6}Z__\w+__[0-9a-f]{8}\.patch$/.test(name))).toBe(true);
      const kept = readFileSync(join(lab.repo, ".muster/mailbox/peerA/processed/patches", archived[0] ?? ""), "utf8");
      expect(kept).toStartWith("diff --git");
    }, 30_000);
  }
});
