import { type Command, observe } from "../../core/commands.ts";
import type { Millis } from "../../core/ids.ts";
import { wantedLeads } from "../../core/lead/state.ts";
import type { Clock } from "../../core/ports.ts";
import { openTasks } from "../../core/queue/state.ts";
import type { State } from "../../core/state.ts";
import { isMeant, isOver, parseEvent, parseThreshold } from "../../core/triggers/condition.ts";
import { nextFire, parseCron } from "../../core/triggers/cron.ts";
import { fire, hindrance } from "../../core/triggers/firing.ts";
import { metricOf } from "../../core/triggers/metrics.ts";
import type { Trigger, Triggers } from "../../core/triggers/state.ts";
import type { Performed, Reactor } from "../reactor.ts";

export interface PulseWorld {
  clock: Pick<Clock, "now">;
  state(): State;
  dispatch(command: Command): void;
  /** Time zone of the machine. */
  zone: string;
}

export const PULSE_MS = 10_000;
/** What is later than this was missed: nobody looked at its time. */
const LATE_MS = 90_000;
/** Times that are looked through for the last one that was missed. */
const MISSED = 1000;

/** Beats while there is something to do, unless a person switched it (A30, A73). */
export function isBeating(state: State): boolean {
  const { triggers, queue } = state;
  if (triggers.pulse !== undefined) return triggers.pulse;
  const isQuiet = Object.keys(triggers.all).length === 0 && openTasks(queue).length === 0 && !hasOpen(triggers);
  return !isQuiet || wantedLeads(state).length > 0;
}

const hasOpen = ({ approvals }: Triggers): boolean => Object.values(approvals).some(({ decided }) => !decided);

/** The pulse: what has its time, and what is measured. */
export class PulseReactor implements Reactor<"pulse"> {
  readonly name = "pulse";
  private count = 0;
  private tickedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly world: PulseWorld) {}

  pending(state: State): Map<string, "pulse"> {
    return new Map(isBeating(state) ? [["pulse", "pulse"]] : []);
  }

  async perform(): Promise<Performed> {
    const now = this.world.clock.now();
    // Facts wake this between two beats; what comes with each beat must not come with its own consequences.
    const isBeat = now - this.tickedAt >= PULSE_MS;
    if (isBeat) this.tickedAt = now;
    this.expire(now);
    for (const { name } of Object.values(this.world.state().triggers.all)) {
      const trigger = this.world.state().triggers.all[name];
      if (!trigger?.isOn) continue;
      if (trigger.type === "cron") this.byClock(trigger, now);
      else if (trigger.type === "threshold") this.byMeasure(trigger, now, isBeat);
      else if (isBeat) this.byTick(trigger, now);
    }
    return { again: PULSE_MS };
  }

  private fire(trigger: Trigger, why: string, now: Millis, due?: Millis): void {
    const { world } = this;
    const id = `A-${world.state().seq}p${this.count++}`;
    for (const command of fire(world.state(), trigger, { why, due }, now, id)) world.dispatch(command);
  }

  private expire(now: Millis): void {
    for (const { id, until, decided } of Object.values(this.world.state().triggers.approvals)) {
      if (!decided && until <= now) this.world.dispatch({ do: "approve", approval: id, decision: "expired" });
    }
  }

  /** Each time by the clock once, whatever crashes between: it stands in the fact. */
  private byClock(trigger: Trigger, now: Millis): void {
    const { world } = this;
    const cron = parseCron(trigger.condition);
    let due: Millis | undefined;
    let next = nextFire(cron, trigger.due ?? trigger.addedAt, world.zone);
    for (let n = 0; next !== null && next <= now && n < MISSED; n += 1) {
      due = next;
      next = nextFire(cron, next, world.zone);
    }
    if (due === undefined) return;
    if (now - due > LATE_MS && !trigger.catchUp) {
      const reason = `missed at ${new Date(due).toISOString()}: nobody looked then`;
      world.dispatch(observe({ type: "trigger.skipped", name: trigger.name, reason, due }));
    } else this.fire(trigger, trigger.condition, now, due);
  }

  private byMeasure(trigger: Trigger, now: Millis, isBeat: boolean): void {
    const { world } = this;
    const threshold = parseThreshold(trigger.condition);
    const value = metricOf(world.state(), threshold.metric, now);
    if (value === undefined) return;
    const isTrue = isOver(threshold, value);
    const { name } = trigger;
    if (!isTrue) {
      if (trigger.isTrue) world.dispatch(observe({ type: "trigger.crossed", name, isTrue }));
      return;
    }
    // What hinders it now does not take the crossing away.
    if ((trigger.isTrue && !(trigger.repeat && isBeat)) || hindrance(world.state(), trigger, now) !== null) return;
    if (!trigger.isTrue) world.dispatch(observe({ type: "trigger.crossed", name, isTrue }));
    this.fire(trigger, `${threshold.metric} is ${value}`, now);
  }

  private byTick(trigger: Trigger, now: Millis): void {
    const condition = parseEvent(trigger.condition);
    if (condition.event === "pulse_tick" && isMeant(condition, {})) this.fire(trigger, "pulse_tick", now);
  }
}
