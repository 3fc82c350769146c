import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Claims, Clock } from "../../src/core/ports.ts";
import { readForeign } from "../../src/files/safe-read.ts";
import { type MailboxParts, TeamMailbox } from "../../src/mailbox/mailbox.ts";

/** A clock that stands until it is moved. */
export class StillClock implements Clock {
  time = 1_700_000_000_000;
  now = (): number => this.time;
  monotonic = (): number => this.time;
  sleep = (): Promise<void> => Promise.resolve();
}

/** The mailbox of a pair in a folder of its own, on a clock that stands. For tests. */
export class MailLab {
  readonly repo = mkdtempSync(join(tmpdir(), "muster-mail-"));
  readonly clock = new StillClock();
  readonly box = join(this.repo, ".muster/mailbox/peerA");
  readonly mailbox: TeamMailbox;
  private count = 0;

  constructor(more: Partial<MailboxParts> = {}) {
    this.mailbox = this.opened(more);
    mkdirSync(join(this.box, "out"), { recursive: true });
  }

  /** Another life of the daemon on the same folder. */
  opened(more: Partial<MailboxParts> = {}): TeamMailbox {
    const hex = (digits: number) => (this.count++).toString(16).padStart(digits, "0");
    const seats = ["PeerA", "PeerB"];
    const { repo, clock } = this;
    return new TeamMailbox({ repo, team: "pair", era: 7, seats, clock, random: { hex }, read: readForeign, ...more });
  }

  write(name: string, text: string | Uint8Array): void {
    writeFileSync(join(this.box, name), text);
  }

  /** The safe way: renamed in whole. */
  post(name: string, text: string | Uint8Array): void {
    this.write(".posting", text);
    renameSync(join(this.box, ".posting"), join(this.box, "out", name));
  }

  /** Looks, lets time pass, looks again. */
  async after(ms: number, mailbox = this.mailbox): Promise<Claims> {
    await mailbox.claim();
    this.clock.time += ms;
    return mailbox.claim();
  }

  files(folder: string): string[] {
    return readdirSync(join(this.box, folder)).sort();
  }

  get claims(): string[] {
    return readdirSync(join(this.repo, ".muster/state/claims")).sort();
  }

  get reasons(): string {
    return readFileSync(join(this.box, "rejected/reasons.txt"), "utf8");
  }

  end(): void {
    rmSync(this.repo, { recursive: true, force: true });
  }
}

export const formed = (text: string): string =>
  `<TO_PEER>\n${text}\n</TO_PEER>\n\`\`\`insight\nwho: PeerA\nkind: note\nnext: go on\n\`\`\`\n`;
