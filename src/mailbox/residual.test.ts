import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openMailbox } from "./folders.ts";
import { residualOf, settleResidual } from "./residual.ts";

const SEATS = ["PeerA", "PeerB"];
let repo: string;
const box = (path: string) => join(repo, ".muster", "mailbox", path);

beforeEach(async () => {
  repo = mkdtempSync(join(tmpdir(), "muster-residual-"));
  await openMailbox(repo, "t", SEATS);
  for (const name of ["000010.m-3.txt", "000009.m-2.txt", "note.txt", ".000011.m-4.txt.tmp"])
    writeFileSync(box(`peerA/inbox/${name}`), name);
});
afterEach(() => rmSync(repo, { recursive: true, force: true }));

const LEFT = { PeerA: ["000009.m-2.txt", "000010.m-3.txt", "note.txt"] };

test("P5 what an earlier team left unread is found, oldest first, without what is being written", async () => {
  expect(await residualOf(repo, SEATS)).toEqual(LEFT);
  expect(await residualOf(join(repo, "nowhere"), SEATS)).toEqual({});
  expect(await settleResidual(repo, SEATS, "resume")).toEqual(LEFT);
  expect(await residualOf(repo, SEATS)).toEqual(LEFT);
});

test("P5 archived letters are read ones from now on", async () => {
  expect(await settleResidual(repo, SEATS, "archive")).toEqual({});
  expect(await residualOf(repo, SEATS)).toEqual({});
  expect(readdirSync(box("peerA/processed")).sort()).toEqual(LEFT.PeerA);
});

test("P5 discarded letters lie with the refused ones, with their reason; nothing is deleted", async () => {
  expect(await settleResidual(repo, SEATS, "discard")).toEqual({});
  expect(readdirSync(box("peerA/inbox"))).toEqual([".000011.m-4.txt.tmp"]);
  const names = readdirSync(box("peerA/rejected")).sort();
  expect(names.map((name) => name.split("__")[1] ?? name)).toEqual([...LEFT.PeerA, "reasons.txt"]);
  const reasons = readFileSync(box("peerA/rejected/reasons.txt"), "utf8").trim().split("\n");
  expect(reasons).toHaveLength(3);
  for (const reason of reasons) expect(reason).toEndWith(": left unread by an earlier team, and discarded at start");
});

test("P5 an inbox that is a link to somewhere else is nobody's inbox", async () => {
  rmSync(box("peerB/inbox"), { recursive: true });
  symlinkSync(box("peerA/inbox"), box("peerB/inbox"));
  expect(await residualOf(repo, SEATS)).toEqual(LEFT);
});
