import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FAULT_POINTS } from "../../src/core/fault-points.ts";
import { openLog } from "../../src/store/log.ts";
import { A } from "./team.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const letter = (n: number): string =>
  `<TO_PEER>\nletter ${n}\n</TO_PEER>\n\`\`\`insight\nwho: PeerA\nkind: note\nnext: go on\nrefs: []\n\`\`\`\n`;

const patch = "--- a/src/a.txt\n+++ b/src/a.txt\n@@ -1 +1 @@\n-one\n+two\n";

function place(): { root: string; repo: string; box: string } {
  const root = mkdtempSync(join(tmpdir(), "muster-crash-"));
  folders.push(root);
  const repo = join(root, "repo");
  const box = join(repo, ".muster/mailbox/peerA");
  mkdirSync(join(box, "out"), { recursive: true });
  return { root, repo, box };
}

async function claimer(root: string, repo: string, count: number, fault?: string): Promise<string | number> {
  const argv = [process.execPath, "--no-install", join(import.meta.dir, "letters-main.ts"), root, repo, String(count)];
  const env = { PATH: process.env.PATH ?? "", HOME: root, ...(fault ? { MUSTER_FAULT: fault } : {}) };
  const child = Bun.spawn(argv, { env, stdout: "inherit", stderr: "inherit" });
  await child.exited;
  return child.signalCode ?? child.exitCode ?? -1;
}

describe.concurrent("a daemon that is killed among letters loses none and doubles none", () => {
  for (const fault of FAULT_POINTS.letter.flatMap((point) => [1, 2, 3].map((pass) => `${point}:${pass}`))) {
    test(`F1 letters: exactly once across kill -9 at ${fault}`, async () => {
      const { root, repo, box } = place();
      for (const n of [1, 2, 3]) {
        const text = n === 2 ? letter(n).replace("letter 2\n", `letter 2\n\`\`\`diff\n${patch}\`\`\`\n`) : letter(n);
        writeFileSync(join(box, `.${n}.tmp`), text);
        renameSync(join(box, `.${n}.tmp`), join(box, "out", `${n}.to_peer.md`));
      }
      writeFileSync(join(box, "to_peer.md"), letter(4));
      expect(await claimer(root, repo, 4, fault)).toBe("SIGKILL");
      expect(await claimer(root, repo, 4)).toBe(0);
      const log = openLog(join(root, "ledger.db"));
      const events = log.read(0, 1000);
      const texts = events.flatMap((event) =>
        event.type === "message.queued" && event.from === A ? [/letter \d/.exec(log.body(event.seq) ?? "")?.[0]] : [],
      );
      const patches = events.filter((event) => event.type === "patch.received").map((event) => log.body(event.seq));
      log.close();
      expect(texts.toSorted()).toEqual(["letter 1", "letter 2", "letter 3", "letter 4"]);
      expect(texts.filter((text) => text !== "letter 4")).toEqual(["letter 1", "letter 2", "letter 3"]);
      expect(patches).toEqual([patch]);
      expect(readdirSync(join(repo, ".muster/state/claims"))).toEqual([]);
    }, 30_000);
  }
});
