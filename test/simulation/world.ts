import type { Command } from "../../src/core/commands.ts";
import { decide } from "../../src/core/decide.ts";
import type { Event, Fact } from "../../src/core/facts.ts";
import { fold } from "../../src/core/fold.ts";
import { DAEMON, PERSON } from "../../src/core/ids.ts";
import { marksIn } from "../../src/core/mark.ts";
import { emptyState, isOpen, type State } from "../../src/core/state.ts";
import { nextOpen, openByReader } from "../../src/engine/delivery/hold.ts";
import { Pacing } from "../../src/engine/delivery/pacing.ts";
import { type Guard, type Outcome, reconcile, type Step } from "../../src/engine/delivery/reconcile.ts";
import { typedText } from "../../src/engine/delivery/typed-text.ts";
import { Seeded } from "./random.ts";
import { DRAFT, type Faults, Tui } from "./tui.ts";

/** Guards of the daemon, and those of the hook and the intake, which a mutation takes away. */
export type Mutation = Guard | "hook-dedupe" | "hook-seen" | "intake";

/** Fixed faults instead of drawn ones; `isFilterless` = a CLI whose prompt hook cannot refuse. */
export type Profile = Partial<Faults> & { isFilterless?: boolean };

export interface Result {
  violations: string[];
  ticks: number;
}

const AGENT = "a1b2c3d4";
const GRACE = 40;
const FAULTY_TICKS = 400;
const LAST_TICK = 6000;

/** Draws which faults this seed has; a directed profile overrides them. */
function drawFaults(random: Seeded, { isFilterless: _, ...profile }: Profile): Faults {
  return {
    crash: random.sometimes(0.8, 0.06),
    death: random.sometimes(0.6, 0.02),
    typing: random.sometimes(0.5, 0.05),
    enter: random.sometimes(0.5, 0.05),
    hang: random.sometimes(0.4, 0.06),
    hookCrash: random.sometimes(0.3, 0.3),
    dialog: random.sometimes(0.4, 0.1),
    urgent: random.sometimes(0.3, 1),
    duplicate: random.sometimes(0.5, 0.5),
    recall: random.sometimes(0.2, 0.02),
    slowHook: random.sometimes(0.5, 12),
    erase: random.sometimes(0.3, 0.05),
    longTurn: 10 + random.sometimes(0.2, 150),
    withdraw: random.sometimes(0.2, 0.02),
    ...profile,
  };
}

/** One seeded run: the real decide, fold and reconcile against a model of one CLI, its hook and a person. */
export class World {
  private readonly random: Seeded;
  private readonly faults: Faults;
  private readonly tui: Tui;
  private state: State = emptyState();
  private tick = 0;
  private pacing: Pacing;
  private readonly grace: number;
  private running: { mid: string; steps: Generator<Step, Outcome, unknown>; answer: unknown } | null = null;
  private isLeased = false;
  private restUntil = 0;
  private readonly sent: string[] = [];
  private readonly withdrawn = new Set<string>();
  private isUrgent = false;
  private readonly without: Set<Guard>;

  constructor(
    seed: number,
    private readonly mutations: ReadonlySet<Mutation> = new Set(),
    profile: Profile = {},
  ) {
    this.random = new Seeded(seed);
    this.faults = drawFaults(this.random, profile);
    const isFilterless = profile.isFilterless ?? false;
    const hook = {
      hookDedupe: isFilterless || mutations.has("hook-dedupe"),
      hookSeen: isFilterless || mutations.has("hook-seen"),
    };
    this.tui = new Tui(this.random, this.faults, hook);
    this.without = new Set([...mutations].filter((name): name is Guard => !name.includes("hook") && name !== "intake"));
    this.grace = this.without.has("grace") ? 0 : GRACE;
    this.pacing = new Pacing(0, this.grace);
    const hire = { agent: AGENT, driver: "standin", cwd: "/r", permission: "workspace-write" as const };
    this.dispatch({ do: "start", hire }, true);
  }

  run(): Result {
    const planned = 1 + this.random.upTo(4);
    for (this.tick = 1; this.tick < LAST_TICK; this.tick += 1) {
      if (this.tick === FAULTY_TICKS) this.calm();
      if (this.sent.length < planned && this.random.chance(0.05)) this.send();
      if (this.random.chance(0.6)) this.tui.tick(this.tick);
      this.people();
      this.daemon();
      if (this.tick > FAULTY_TICKS && this.sent.length === planned && this.isQuiet()) break;
    }
    return { violations: this.judge(planned), ticks: this.tick };
  }

  /** From here on only liveness: no new faults, and the person finishes what stands in the composer. */
  private calm(): void {
    const { longTurn, slowHook } = this.faults;
    for (const name of Object.keys(this.faults) as (keyof Faults)[]) this.faults[name] = 0;
    Object.assign(this.faults, { longTurn, slowHook });
    this.faults.enter = 0.2;
    this.faults.urgent = Number(this.isUrgent);
  }

  private isQuiet(): boolean {
    return !this.running && !Object.values(this.state.messages).some(isOpen) && this.tui.isQuiet;
  }

  private dispatch(command: Command, isPerson = false): boolean {
    const facts: Fact[] = decide(this.state, command, isPerson ? PERSON : DAEMON);
    for (const fact of facts) {
      const event = { ...fact, seq: this.state.seq + 1, at: this.tick, by: "system" } as Event;
      this.state = fold(this.state, event);
    }
    return facts.length > 0;
  }

  private send(): void {
    const mid = `m-${this.sent.length + 1}`;
    this.sent.push(mid);
    const urgent = this.random.chance(this.faults.urgent);
    this.isUrgent ||= urgent;
    const origin = `file ${mid}`;
    const letter = { mid, from: "user", to: AGENT, kind: "letter" as const, text: `work ${mid}`, urgent, origin };
    this.dispatch({ do: "send", letter }, true);
    if (!this.random.chance(this.faults.duplicate)) return;
    if (this.mutations.has("intake")) this.state.accepted = {};
    this.dispatch({ do: "send", letter: { ...letter, mid: `${mid}-again` } }, true);
  }

  private people(): void {
    const { tui, faults, random } = this;
    if (tui.isAlive && random.chance(faults.death)) tui.die(this.tick);
    if (random.chance(faults.hang)) tui.hungUntil = this.tick + 1 + random.upTo(80);
    if (random.chance(faults.withdraw)) this.withdraw();
    if (!tui.isAlive || this.isLeased) return;
    if (random.chance(faults.recall)) tui.recall();
    if (random.chance(faults.typing)) tui.input.push({ type: "char", char: DRAFT });
    if (random.chance(faults.erase)) tui.input.push({ type: "clear", isOurs: false });
    const hasText = tui.composer !== "" || tui.isDialog;
    if (hasText && random.chance(faults.enter)) tui.input.push({ type: "enter", isOurs: false });
  }

  private withdraw(): void {
    const message = nextOpen(this.state, openByReader(this.state).get(AGENT) ?? [], this.tick);
    if (message?.state !== "queued" || message.attempt > 0) return;
    this.withdrawn.add(message.mid);
    this.dispatch({ do: "observe", facts: [{ type: "message.died", mid: message.mid, reason: "taken back" }] });
  }

  private daemon(): void {
    if (this.random.chance(this.faults.crash)) this.restart();
    else if (this.running) this.step();
    else this.begin();
  }

  private begin(): void {
    const message = nextOpen(this.state, openByReader(this.state).get(AGENT) ?? [], this.tick);
    if (!message || this.tick < this.restUntil) return;
    const text = typedText(
      { mid: message.mid, sender: "user", text: message.preview, path: "/r/x" },
      { lines: 3, chars: 700 },
    );
    const { mid, attempt, incarnation } = message;
    const nextAt = this.pacing.nextAt(message);
    const state = message.state === "typing" ? "typing" : "queued";
    const delivery = {
      mid,
      text,
      state,
      attempt,
      incarnation,
      nextAt,
      mayQueue: message.urgent,
      receipt: "hook",
    } as const;
    const contract = { graceMs: this.grace, attempts: 1000, patienceMs: 2000, without: this.without };
    this.running = { mid, steps: reconcile(delivery, contract), answer: undefined };
  }

  private restart(): void {
    this.running = null;
    this.isLeased = false;
    this.pacing = Pacing.after(this.state, AGENT, this.tick, this.grace);
  }

  private step(): void {
    if (!this.running) return;
    const next = this.running.steps.next(this.running.answer);
    if (!next.done) {
      this.running.answer = this.perform(next.value);
      return;
    }
    const message = this.state.messages[this.running.mid];
    if (message) this.pacing.note(message, next.value, this.tick);
    this.running = null;
    this.restUntil = this.tick + this.random.upTo(4);
  }

  private perform(step: Step): unknown {
    const { tui } = this;
    switch (step.do) {
      case "look":
        return {
          isAlive: tui.isAlive,
          activity: tui.activity,
          incarnation: tui.incarnation,
          isDialog: tui.isDialog,
          composer: tui.composer,
          isDrained: tui.input.length === 0,
        };
      case "now":
        return this.tick;
      case "transcript":
        return tui.transcript.some((text) => marksIn(text).includes(step.mid));
      case "receipt":
        return tui.receipts.get(step.mid) ?? null;
      case "revoke":
        tui.receipts.delete(step.mid);
        return;
      case "record":
        if (step.fact.type === "message.delivered") tui.seen.add(step.fact.mid);
        return this.dispatch({ do: "observe", facts: [step.fact] });
      case "lease":
      case "release":
        this.isLeased = step.do === "lease";
        return;
      default:
        return this.type(step);
    }
  }

  private type(step: Step): void {
    if (!this.tui.isAlive) return;
    if (step.do === "paste") this.tui.input.push({ type: "paste", text: step.text });
    if (step.do === "enter") this.tui.input.push({ type: "enter", isOurs: true });
    if (step.do === "clear") this.tui.input.push({ type: "clear", isOurs: true });
  }

  private judge(planned: number): string[] {
    const got = this.tui.arrived.map((mid) => mid.replace("-again", ""));
    const violations = [...new Set(this.tui.violations)];
    if (this.sent.length < planned || !this.isQuiet()) violations.push("something is stuck after the faults ended");
    for (const mid of this.sent) {
      const times = got.filter((other) => other === mid).length;
      violations.push(...(times === 0 ? this.judgeMissing(mid) : this.judgeArrived(mid, times)));
    }
    const order = [...new Set(got)];
    if (order.join() !== this.sent.filter((mid) => order.includes(mid)).join()) violations.push("out of order");
    return violations;
  }

  private judgeArrived(mid: string, times: number): string[] {
    if (this.withdrawn.has(mid)) return ["a message that was taken back came"];
    if (times === 1) return [];
    return [this.tui.unhooked.has(mid) ? "unhooked duplicate" : "a message came twice"];
  }

  private judgeMissing(mid: string): string[] {
    const state = this.state.messages[mid]?.state;
    if (state === "delivered") return ["delivered, but not in the transcript", "a message was lost"];
    return state === "uncertain" || this.withdrawn.has(mid) ? [] : ["a message was lost"];
  }
}
