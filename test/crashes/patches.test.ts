import { afterAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
  const lab = new Lab({ "src/a.txt": "one\n", "src/b.txt": "one\n", "tests/x": "", Makefile: "all:\n" });
  labs.push(lab);
  const bodies = ["src/a.txt", "Makefile", "src/b.txt"].map((path) => lab.diffOf(() => lab.write(path, "two\n")));
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
  const points = ["scratch", "applied", "tested", "committed", "proven", "moved", "stepped"].map(
    (name) => `patch.${name}`,
  );
  for (const point of points) {
    test(`P41 exactly one commit across kill -9 at ${point}`, async () => {
      const lab = prepared();
      const first = lab.head;
      expect(await daemon(lab, `${point}:1`)).toBe("SIGKILL");
      // The second life does what is left of the first patch, and dies in the next one.
      expect(await daemon(lab, `${point}:1`)).toBe("SIGKILL");
      expect(await daemon(lab)).toBe(0);
      expect(lab.git("log", "--format=%s", `${first}..HEAD`).trim().split("\n")).toEqual([
        "muster(PeerA): change 2",
        "muster(PeerA): change 0",
      ]);
      expect([lab.read("src/a.txt"), lab.read("src/b.txt"), lab.git("status", "--porcelain")]).toEqual([
        "two\n",
        "two\n",
        "",
      ]);
      expect(readdirSync(join(lab.repo, ".muster/worktrees"))).toEqual([]);
      const log = openLog(join(lab.root, "ledger.db"));
      const events = log.read(0, 1000);
      const ends = events.filter(({ type }) => type === "patch.committed" || type === "patch.refused");
      const told = events.flatMap((event) => (event.type === "message.queued" ? [`${event.to} ${event.preview}`] : []));
      log.close();
      expect(ends.map(({ type }) => type)).toEqual(["patch.committed", "patch.refused", "patch.committed"]);
      expect(told.map((text) => text.slice(0, 15)).toSorted()).toEqual(
        [
          `${A} P-0001`,
          `${A} P-0002`,
          `${A} P-0003`,
          `${B} P-0001`,
          `${B} P-0002`,
          `${B} P-0003`,
          'user P-0001 "ch',
          'user P-0002 "ch',
          'user P-0003 "ch',
        ].toSorted(),
      );
      expect(told.find((text) => text.includes("P-0002"))).toContain("patch-reject(path-not-allowed: Makefile)");
      const archived = readdirSync(join(lab.repo, ".muster/mailbox/peerA/processed/patches"));
      expect(archived.map((name) => name.split("__")[1]).toSorted()).toEqual(["commit", "commit", "reject"]);
      expect(archived.every((name) => /^\d{8}T\d{6}Z__\w+__[0-9a-f]{8}\.patch$/.test(name))).toBe(true);
      const kept = readFileSync(join(lab.repo, ".muster/mailbox/peerA/processed/patches", archived[0] ?? ""), "utf8");
      expect(kept).toStartWith("diff --git");
    }, 30_000);
  }
});
