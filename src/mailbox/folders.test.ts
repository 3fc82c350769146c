import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureMailbox, openMailbox, requireThere } from "./folders.ts";

test("F30 a mailbox is not made anew in the place of a repository that is gone; when it is back, all of it is there", async () => {
  const root = mkdtempSync(join(tmpdir(), "muster-lost-"));
  const repo = join(root, "repo");
  try {
    const gone = `${repo} is gone, moved or deleted; put it back, or end its team`;
    expect(() => ensureMailbox(repo, ["PeerA"])).toThrow(gone);
    expect(() => requireThere(repo)).toThrow(gone);
    expect(existsSync(repo)).toBe(false);
    renameSync(mkdtempSync(join(root, "x-")), repo);
    await openMailbox(repo, "t", ["PeerA"]);
    expect(readdirSync(join(repo, ".muster/mailbox/peerA")).sort()).toEqual(["inbox", "out", "processed", "rejected"]);
    requireThere(repo);
    renameSync(repo, join(root, "away"));
    expect(() => ensureMailbox(repo, ["PeerA"])).toThrow(gone);
    renameSync(join(root, "away"), repo);
    expect(ensureMailbox(repo, ["PeerA"])).toEqual([]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
