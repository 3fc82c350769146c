import type { FaultPoint } from "../core/fault-points.ts";
import type { Clock, Mailbox, Random } from "../core/ports.ts";
import type { Team } from "../core/state.ts";
import { TeamMailbox } from "./mailbox.ts";

export interface MailboxesParts {
  clock: Clock;
  random: Random;
  read(path: string): Promise<Uint8Array>;
  /** Something changed in the mailbox of this team. */
  wake(team: string): void;
  faultPoint?(name: FaultPoint): void;
}

/** The mailboxes of running teams: one per life of a team, watched from its first use until the team stops. */
export class Mailboxes {
  private readonly open = new Map<string, { era: number; mailbox: Mailbox; end: AbortController }>();
  private isStopped = false;

  constructor(private readonly parts: MailboxesParts) {}

  of(team: Team): Mailbox {
    const known = this.open.get(team.name);
    if (known?.era === team.formedAt) return known.mailbox;
    this.close(team.name);
    const seats = team.seats.map(({ seat }) => seat);
    const { processed_retention: retention } = team.settings.cli_profiles.delivery;
    const order = { repo: team.repo, team: team.name, era: team.formedAt, seats, retention };
    const mailbox = new TeamMailbox({ ...this.parts, ...order });
    const end = new AbortController();
    if (this.isStopped) end.abort();
    mailbox.watch(() => this.parts.wake(team.name), end.signal);
    this.open.set(team.name, { era: team.formedAt, mailbox, end });
    return mailbox;
  }

  close(team: string): void {
    this.open.get(team)?.end.abort();
    this.open.delete(team);
  }

  /** No folder is watched from now on. */
  stop(): void {
    this.isStopped = true;
    for (const team of [...this.open.keys()]) this.close(team);
  }
}
