import { type Command, observe } from "../../core/commands.ts";
import { DAEMON, type Principal, type TeamName } from "../../core/ids.ts";
import type { Clock, Mailbox, PatchLine, PatchProgress, PatchVerdict } from "../../core/ports.ts";
import type { Patch, State, Team } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";
import { standby } from "./rules.ts";

/** A check that takes longer than this is announced; a quicker one's result would overtake the announcement. */
const STANDBY_MS = 2000;

export interface PatchWorld {
  clock: Pick<Clock, "sleep">;
  line: Pick<PatchLine, "run">;
  state(): State;
  dispatch(command: Command, by: Principal): void;
  /** The patch itself, byte for byte. */
  body(patch: Patch): string;
  mailbox(team: Team): Pick<Mailbox, "archive">;
}

const seatOf = (team: Team, author: string): string => team.seats.find(({ agent }) => agent === author)?.seat ?? author;

/** `20261120T063522Z`: sorts by time and is a file name. */
const stamp = (at: number): string => `${new Date(at).toISOString().replace(/[-:]|\.\d+/g, "")}`;

/** Brings queued patches through the patch line, the oldest of each team first, one at a time. */
export class PatchReactor implements Reactor<Patch> {
  readonly name = "patches";

  constructor(private readonly world: PatchWorld) {}

  pending(state: State): Map<TeamName, Patch> {
    const tasks = new Map<TeamName, Patch>();
    for (const patch of Object.values(state.patches)) {
      if (patch.state !== "queued") continue;
      const first = tasks.get(patch.team);
      if (!first || patch.seq < first.seq) tasks.set(patch.team, patch);
    }
    return tasks;
  }

  async perform(patch: Patch, signal: AbortSignal): Promise<Performed> {
    const { world } = this;
    const team = world.state().teams[patch.team];
    if (!team) return {};
    const diff = world.body(patch);
    const order = {
      repo: team.repo,
      patch: patch.id,
      mid: patch.mid ?? `muster-0-${patch.sha.slice(0, 6)}`,
      seat: seatOf(team, patch.author),
      title: patch.title,
      diff,
    };
    const proving = new AbortController();
    const tell = ({ step, output }: PatchProgress) => {
      world.dispatch(observe({ type: "patch.stepped", patch: patch.id, step, body: output }), DAEMON);
      if (step.step === "apply") void this.announce(patch, proving.signal);
    };
    const verdict = await world.line.run(order, tell, signal).finally(() => proving.abort());
    await this.archive(team, patch, diff, verdict);
    return { commands: [observe(...factsOf(patch, verdict))], again: 0 };
  }

  /** Both peers learn that a patch is being checked, while it is (P46). */
  private async announce(patch: Patch, proving: AbortSignal): Promise<void> {
    const { world } = this;
    await world.clock.sleep(STANDBY_MS, proving).catch(() => {});
    if (proving.aborted) return;
    for (const letter of standby(world.state(), patch)) world.dispatch({ do: "send", letter }, DAEMON);
  }

  /** A broken archive keeps no proven commit from being told. */
  private async archive(team: Team, patch: Patch, diff: string, verdict: PatchVerdict): Promise<void> {
    const result = verdict.ok ? "commit" : verdict.kind;
    const name = `${stamp(patch.at)}__${result}__${patch.sha.slice(0, 8)}.patch`;
    try {
      await this.world.mailbox(team).archive(seatOf(team, patch.author), name, diff);
    } catch (error) {
      const text = `${patch.id} could not be archived: ${error instanceof Error ? error.message : error}`;
      this.world.dispatch(observe({ type: "notice.raised", level: "warning", text, about: patch.id }), DAEMON);
    }
  }
}

function factsOf(patch: Patch, verdict: PatchVerdict): Parameters<typeof observe> {
  if (!verdict.ok) {
    const { kind, reason, output } = verdict;
    return [{ type: "patch.refused", patch: patch.id, kind, reason, body: output }];
  }
  const { commit, branch, notice } = verdict;
  const steps = verdict.steps.length > 0 ? verdict.steps : patch.steps;
  const committed = { type: "patch.committed", patch: patch.id, commit, branch, steps } as const;
  if (!notice) return [committed];
  return [committed, { type: "notice.raised", level: "warning", text: notice, about: patch.id }];
}
