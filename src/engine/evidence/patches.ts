import { type Command, observe } from "../../core/commands.ts";
import { DAEMON, type Millis, type Principal, type TeamName } from "../../core/ids.ts";
import type { Clock, Mailbox, PatchLine, PatchProgress, PatchVerdict } from "../../core/ports.ts";
import { locksAgainst } from "../../core/rfd/locks.ts";
import type { Lock } from "../../core/rfd/state.ts";
import { addressName, type Patch, type State, type Team } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";
import { standby } from "./rules.ts";

/** A check that takes longer than this is announced; a quicker one's result would overtake the announcement. */
const STANDBY_MS = 2000;

export interface PatchWorld {
  clock: Pick<Clock, "sleep" | "now">;
  line: Pick<PatchLine, "run">;
  state(): State;
  dispatch(command: Command, by: Principal): void;
  /** The patch itself, byte for byte. */
  body(patch: Patch): string;
  mailbox(team: Team): Pick<Mailbox, "archive">;
}

const QUEUE_OFF: PatchVerdict = {
  ok: false,
  kind: "reject",
  reason: "queue-off: patch_queue.mode is off here; commit it yourself",
  output: "",
};

/** Was exactly this patch approved, and not longer ago than an approval is good for? */
export function isException(state: State, { sha, team }: Patch, now: Millis): boolean {
  const hours = state.teams[team]?.settings.policies.rfd.ttl_hours ?? 0;
  return Object.values(state.rfds).some(
    (one) =>
      one.sha === sha &&
      one.team === team &&
      one.decided?.decision === "approve" &&
      now - one.decided.at < hours * 3_600_000,
  );
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
    const queued = Object.values(state.patches).filter((patch) => patch.state === "queued");
    queued.sort((left, right) => left.seq - right.seq);
    // One that waits for somebody's lock lets others pass.
    for (const patch of queued) if (!tasks.has(patch.team) && !this.lockOn(state, patch)) tasks.set(patch.team, patch);
    for (const patch of queued) if (!tasks.has(patch.team)) tasks.set(patch.team, patch);
    return tasks;
  }

  /** The lock of somebody else that this patch waits for, if any (P51). */
  private lockOn(state: State, { team: name, author, paths }: Patch): Lock | undefined {
    const team = state.teams[name];
    return team ? locksAgainst(team, author, paths, this.world.clock.now())[0] : undefined;
  }

  private wait(patch: Patch, lock: Lock): Performed {
    const { world } = this;
    const who = addressName(world.state(), lock.agent);
    const reason = `locked: ${who} claims ${lock.files.join(" ")} until ${new Date(lock.until).toISOString()}`;
    const commands = patch.reason === reason ? [] : [observe({ type: "patch.waiting", patch: patch.id, reason })];
    return { commands, again: Math.max(0, lock.until - world.clock.now()) };
  }

  async perform(patch: Patch, signal: AbortSignal): Promise<Performed> {
    const { world } = this;
    const team = world.state().teams[patch.team];
    if (!team) return {};
    const lock = this.lockOn(world.state(), patch);
    if (lock) return this.wait(patch, lock);
    const diff = world.body(patch);
    const order = {
      repo: team.repo,
      patch: patch.id,
      mid: patch.mid ?? `muster-0-${patch.sha.slice(0, 6)}`,
      seat: seatOf(team, patch.author),
      title: patch.title,
      diff,
      isException: isException(world.state(), patch, world.clock.now()),
    };
    const proving = new AbortController();
    const tell = ({ step, output }: PatchProgress) => {
      world.dispatch(observe({ type: "patch.stepped", patch: patch.id, step, body: output }), DAEMON);
      if (step.step === "apply") void this.announce(patch, proving.signal);
    };
    const isOff = team.settings.policies.patch_queue.mode === "off";
    const verdict = isOff ? QUEUE_OFF : await world.line.run(order, tell, signal).finally(() => proving.abort());
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
