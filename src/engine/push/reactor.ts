import { observe } from "../../core/commands.ts";
import type { Event } from "../../core/facts.ts";
import type { Millis } from "../../core/ids.ts";
import { type Need, needs, PATIENCE_MS } from "../../core/needs.ts";
import { OVER } from "../../core/push/facts.ts";
import type { DeviceId, PushId, Sent } from "../../core/push/port.ts";
import type { OpenPush } from "../../core/push/push-state.ts";
import { pushText } from "../../core/push/words.ts";
import type { State } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";
import type { PushWorld } from "./world.ts";

/** What comes within this is told together; what is answered within it is not told at all. */
const GATHER_MS = 3000;
/** A look goes over all agents and jobs: while much happens, it does so twice a second. */
const REST_MS = 500;
/** A message that no service took for so long is given up. */
const LIFETIME_MS = 12 * 3_600_000;
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 15 * 60_000;

/** Facts after which something may need a person, or need them no more. */
const MOVERS = /^(?:agent|approval|control|device|dialog|job|lead|limit|permission|queue|rfd|team|terminal|turn)\./;
const LOOK = "look";

type Task = { is: "look" } | { is: "send"; push: PushId; device: DeviceId };

/** Tasks of this reactor that these facts touch. */
export const pushWakes = (events: Event[]): string[] => (events.some(({ type }) => MOVERS.test(type)) ? [LOOK] : []);

const given = (open: OpenPush, all: Need[]): Need[] => all.filter(({ key }) => open.needs.includes(key));

/**
 * Tells a person's devices what needs them: of each need once, as long as it is the same. A message that left while the daemon
 * ended leaves again under the same topic and tag, and devices show it once.
 */
export class PushReactor implements Reactor<Task> {
  readonly name = "push";
  /** Its looks are woken by `pushWakes`. */
  readonly answers = [] as const;
  private readonly failures = new Map<string, number>();
  /** Needs that are not told yet, and since when this daemon knows of them; monotonic, as all that follows. */
  private readonly seen = new Map<string, Millis>();
  private lookedAt = Number.NEGATIVE_INFINITY;
  /** When the next look was wanted first. */
  private wokenAt: Millis | undefined;

  constructor(private readonly world: PushWorld) {}

  pending({ pushes }: State): Map<string, Task> {
    if (Object.keys(pushes.devices).length === 0) return new Map();
    const sends = Object.entries(pushes.open).flatMap(([push, { waiting }]) =>
      waiting.map((device): [string, Task] => [`${push} ${device}`, { is: "send", push, device }]),
    );
    return new Map<string, Task>([[LOOK, { is: "look" }], ...sends]);
  }

  perform(task: Task, signal: AbortSignal): Promise<Performed> {
    return task.is === "look" ? this.look() : this.send(task.push, task.device, signal);
  }

  private async look(): Promise<Performed> {
    const { clock, random, state } = this.world;
    const here = clock.monotonic();
    const rest = this.lookedAt + REST_MS - here;
    const due = Math.min(...this.seen.values()) + GATHER_MS;
    if (rest > 0 && due > here) {
      this.wokenAt ??= here;
      return { again: rest };
    }
    this.lookedAt = here;
    const now = clock.now();
    const { told } = state().pushes;
    const all = needs(state(), now);
    const over = Object.keys(told).filter((known) => all.every(({ key }) => key !== known));
    const commands = over.length > 0 ? [observe({ type: "push.settled", needs: over })] : [];
    const fresh = all.filter(({ key }) => !told[key]);
    if (fresh.length === 0) {
      this.seen.clear();
      this.wokenAt = undefined;
      return { commands, again: this.soon(now) };
    }
    const wait = this.firstSeen(fresh, here) + GATHER_MS - here;
    if (wait > 0) return { commands, again: wait };
    const planned = { type: "push.planned", push: `p-${random.hex(8)}`, needs: fresh.map(({ key }) => key) } as const;
    return { commands: [...commands, observe(planned)], again: this.soon(now, planned.needs) };
  }

  /** When the first of them was seen: what is about to be told may be another form of what was just settled, for a moment. */
  private firstSeen(fresh: Need[], here: Millis): Millis {
    const keys = fresh.map(({ key }) => key);
    for (const key of this.seen.keys()) if (!keys.includes(key)) this.seen.delete(key);
    for (const key of keys) if (!this.seen.has(key)) this.seen.set(key, this.wokenAt ?? here);
    this.wokenAt = undefined;
    return Math.min(...this.seen.values());
  }

  /** When time alone will make something need a person. */
  private soon(now: Millis, known: string[] = []): Millis | undefined {
    const state = this.world.state();
    const isTold = (key: string) => state.pushes.told[key] || known.includes(key);
    const later = needs(state, now + PATIENCE_MS).filter(({ key }) => !isTold(key));
    if (later.length === 0) return undefined;
    return Math.max(1000, Math.min(...later.map(({ since }) => since)) + PATIENCE_MS - now);
  }

  private async send(push: PushId, device: DeviceId, signal: AbortSignal): Promise<Performed> {
    const { clock, line, state } = this.world;
    const open = state().pushes.open[push];
    if (!open?.waiting.includes(device)) return {};
    const left = given(open, needs(state(), clock.now()));
    const rest = open.plannedAt + LIFETIME_MS - clock.now();
    if (left.length === 0 || rest <= 0) {
      const reason = left.length === 0 ? OVER : "no push service took it in time";
      return { commands: [observe({ type: "push.dropped", push, device, reason })] };
    }
    const urgency = left.some(({ kind }) => kind === "asks") ? "high" : "normal";
    const how = { ttl: Math.ceil(rest / 1000), urgency, topic: push } as const;
    const sent = await line.send(device, pushText(push, left), how, signal);
    return this.answered(push, device, sent, rest);
  }

  private async answered(push: PushId, device: DeviceId, sent: Sent, rest: Millis): Promise<Performed> {
    const key = `${push} ${device}`;
    if (sent.is === "later") {
      const failures = this.failures.get(key) ?? 0;
      this.failures.set(key, failures + 1);
      const pause = sent.ms ?? Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
      return { again: Math.min(pause, rest) };
    }
    this.failures.delete(key);
    if (sent.is === "sent") return { commands: [observe({ type: "push.sent", push, device })] };
    if (sent.is === "never")
      return { commands: [observe({ type: "push.dropped", push, device, reason: sent.reason })] };
    await this.world.line.forget(device);
    return { commands: [observe({ type: "device.removed", device, reason: sent.reason })] };
  }
}
