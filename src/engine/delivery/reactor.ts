import { settingsOf } from "../../core/cadence/state.ts";
import { observe } from "../../core/commands.ts";
import type { AgentId, Mid } from "../../core/ids.ts";
import type { Clock, Driver, Terminals } from "../../core/ports.ts";
import { type Agent, addressName, isAlive, type Message, type State } from "../../core/state.ts";
import type { Leases } from "../leases.ts";
import type { Performed, Reactor } from "../reactor.ts";
import {
  awaitedAck,
  heldUntil,
  isBeingCleared,
  isPaused,
  nextOpen,
  noticeOf,
  openByReader,
  PER_MINUTE,
  unstored,
} from "./hold.ts";
import { HookWatch, type HookWorld, isUnhooked } from "./hook-watch.ts";
import { inboxOf } from "./inbox.ts";
import { CLEAR } from "./keys.ts";
import { Pacing } from "./pacing.ts";
import {
  type Contract,
  type Delivery,
  type DeliveryFact,
  type Outcome,
  reconcile,
  type Sight,
  type Step,
  UNREAD,
} from "./reconcile.ts";
import { Shelf, type ShelfWorld } from "./shelf.ts";
import { typedText } from "./typed-text.ts";

/** The world as delivery sees it; each method is one effect or one question. */
export interface DeliveryWorld extends HookWorld, ShelfWorld {
  terminals: Pick<Terminals, "screen" | "paste" | "press">;
  clock: Clock;
  driverOf(agent: Agent): Driver;
  /** Moves the inbox file of a message that was typed whole to the read ones. */
  file(message: Message): Promise<void>;
  transcriptHas(agent: Agent, mid: Mid): Promise<boolean>;
  revoke(agent: AgentId, mid: Mid): Promise<void>;
  confirm(agent: AgentId, mid: Mid): Promise<void>;
  /** While one is held, keys from viewers of this terminal wait. */
  leases: Leases;
}

/** Steps that are taken while a lease may be held. */
type Taken = Exclude<Step, { do: "lease" | "release" | "record" }>;
type Typed = Extract<Step, { do: "paste" | "enter" | "clear" | "settle" }>;

/** How often a waiting delivery looks again without being woken; wakes come from facts and terminal output. */
const LOOK_AGAIN_MS = 1000;
/** While a program has not read what we typed: the time it needs to draw it counts from when it has. */
const UNREAD_AGAIN_MS = 100;
/** While our own text is on its way, so often. */
const TYPING_AGAIN_MS = 15;
const SETTLE_MS = 8;

const PAUSED = "the team is paused";

interface Prepared extends Delivery {
  /** Files the letter among the read ones; absent = its reader does, because it was only named. */
  file?: () => Promise<void>;
}

interface Task {
  agent: AgentId;
  message: Message;
}

/** Brings messages to agents by the delivery contract. One agent, one message at a time. */
export class DeliveryReactor implements Reactor<Task> {
  readonly name = "delivery";
  private readonly pacings = new Map<AgentId, Pacing>();
  private readonly startedAt: number;
  private readonly hooks: HookWatch;
  private readonly shelf: Shelf;

  constructor(
    private readonly world: DeliveryWorld,
    private readonly contract: Contract,
    private readonly perMinute = PER_MINUTE,
  ) {
    this.startedAt = world.clock.now();
    this.hooks = new HookWatch(world);
    this.shelf = new Shelf(world);
  }

  pending(state: State): Map<string, Task> {
    const tasks = new Map<string, Task>();
    for (const [agent, open] of openByReader(state)) {
      if (!state.agents[agent] || open.every(({ held }) => held)) continue;
      const message = this.nextFor(state, agent, open);
      if (message) tasks.set(agent, { agent, message });
    }
    return tasks;
  }

  async perform(task: Task): Promise<Performed> {
    try {
      return await this.deliver(task);
    } finally {
      this.shelf.settle(task.message.mid);
    }
  }

  private async deliver({ agent: id, message }: Task): Promise<Performed> {
    const { world } = this;
    const agent = world.state().agents[id];
    if (!agent) return {};
    if (message.state === "queued" && isPaused(world.state(), id)) return this.gather(agent, message);
    if (isBeingCleared(world.state(), id)) return this.wait(message, "the conversation before is being cleared");
    const ack = awaitedAck(world.state(), message, world.clock.now());
    if (ack) return this.wait(message, `an acknowledgement of ${ack.mid} is awaited`, ack.until);
    const until = heldUntil(world.state(), message, world.clock.now(), this.perMinute);
    if (until !== null) return this.hold(message, until);
    const delivery = await this.prepare(agent, message);
    if (!isAlive(agent) || agent.pane === undefined) return this.wait(message, "the agent is not running");
    const outcome = await this.run(agent, agent.pane, delivery);
    const latest = world.state().messages[message.mid] ?? message;
    this.pacingOf(id).note(latest, outcome, world.clock.now());
    return this.conclude(latest, outcome);
  }

  private nextFor(state: State, agent: AgentId, open: Message[]): Message | undefined {
    const next = nextOpen(state, open, this.world.clock.now(), this.perMinute);
    return isPaused(state, agent) && next?.state !== "typing" ? unstored(state, agent) : next;
  }

  /** While its team is paused a letter comes as far as the inbox (P35). */
  private async gather(agent: Agent, message: Message): Promise<Performed> {
    if (message.attempt === 0) await this.prepare(agent, message);
    return { commands: this.wait(message, PAUSED).commands };
  }

  private hold(message: Message, until: number): Performed {
    const reason = `held: more than ${this.perMinute} letters within a minute`;
    const { commands = [], again } = this.wait(message, reason, until);
    const { clock, state } = this.world;
    return { commands: [...commands, ...noticeOf(state(), message, clock.now(), this.perMinute)], again };
  }

  private pacingOf(agent: AgentId): Pacing {
    const { startedAt } = this;
    const pacing = this.pacings.get(agent) ?? Pacing.after(this.world.state(), agent, startedAt, this.contract.graceMs);
    this.pacings.set(agent, pacing);
    return pacing;
  }

  /** The letter is on disk before anything is typed about it. */
  private async prepare(agent: Agent, message: Message): Promise<Prepared> {
    const { world } = this;
    const isNudge = message.kind === "nudge";
    for (const mid of message.covers ?? []) await this.shelf.putCovered(mid);
    const path = isNudge ? inboxOf(world.state(), agent) : await this.shelf.put(message);
    const { abilities } = world.driverOf(agent);
    // Where each letter is to be acknowledged, its reader puts it away, not we.
    const isAcked = settingsOf(world.state(), agent.hire.team).cli_profiles.delivery.require_ack;
    if (this.isHooked(agent)) await this.hooks.look(agent);
    const sender = addressName(world.state(), message.from);
    const text = typedText({ mid: message.mid, sender, text: world.body(message), path }, abilities.typed);
    return {
      mid: message.mid,
      text,
      file: isNudge || isAcked || text.includes(path) ? undefined : () => world.file({ ...message, path }),
      state: message.state === "typing" ? "typing" : "queued",
      attempt: message.attempt,
      incarnation: message.incarnation,
      nextAt: this.pacingOf(message.to).nextAt(message),
      mayQueue: message.urgent && abilities.queuesWhileBusy,
      receipt: isUnhooked(world.state().agents[message.to] ?? agent) ? "transcript" : abilities.receipt,
    };
  }

  /** A proof that takes guards away wants to see what becomes of it. */
  private isHooked(agent: Agent): boolean {
    const { receipt } = this.world.driverOf(agent).abilities;
    return receipt === "hook" && agent.pane !== undefined && this.contract.without.size === 0;
  }

  private async run(agent: Agent, pane: string, delivery: Prepared): Promise<Outcome> {
    const { agent: id } = agent.hire;
    const steps = reconcile(delivery, this.contract);
    let release: (() => void) | undefined;
    let answer: unknown;
    try {
      for (;;) {
        const next = steps.next(answer);
        if (next.done) return next.value;
        const step = next.value;
        if (step.do === "lease") release = await this.world.leases.take(id);
        else if (step.do === "release") release?.();
        else if (step.do === "record") answer = await this.record(agent, delivery, step.fact);
        else answer = await this.step(agent, pane, step);
      }
    } finally {
      release?.();
    }
  }

  private async step(agent: Agent, pane: string, step: Taken): Promise<unknown> {
    const { world } = this;
    const id = agent.hire.agent;
    switch (step.do) {
      case "look":
        return this.look(id, pane);
      case "now":
        return world.clock.now();
      case "transcript":
        return world.transcriptHas(agent, step.mid);
      case "receipt":
        return world.receiptOf(id, step.mid, agent.incarnation);
      case "revoke":
        return world.revoke(id, step.mid);
      default:
        return this.type(pane, step);
    }
  }

  /** What a delivery owes the disk comes before its fact: a closed message is looked at no more. */
  private async record(agent: Agent, { mid, attempt, file }: Prepared, fact: DeliveryFact): Promise<boolean> {
    if (fact.type === "message.delivered") {
      if (attempt > 0 && this.isHooked(agent)) await this.hooks.confirm(agent, mid);
      await this.world.confirm(agent.hire.agent, mid);
      await file?.();
    }
    this.world.faultPoint(`before ${fact.type}`);
    const isNew = this.world.record(observe(...this.shelf.take(mid), fact));
    // What was typed whole lies among the read ones already.
    if (fact.type === "message.delivered" && file) this.world.record(observe({ type: "message.read", mid }));
    this.world.faultPoint(`after ${fact.type}`);
    return isNew;
  }

  private async look(id: AgentId, pane: string): Promise<Sight> {
    const agent = this.world.state().agents[id];
    const gone = {
      isAlive: false,
      activity: "lost",
      incarnation: 0,
      isDialog: false,
      composer: null,
      isDrained: true,
    } as const;
    if (!agent || !isAlive(agent) || agent.pane !== pane) return gone;
    const screen = await this.world.terminals.screen(pane).catch(() => null);
    if (!screen) return gone;
    const { composer, isDialog } = this.world.driverOf(agent).read(screen);
    if (isDialog && agent.activity === "starting") this.tellDialog(id);
    const { activity, incarnation } = this.world.state().agents[id] ?? agent;
    return { isAlive: true, activity, incarnation, isDialog, composer, isDrained: (screen.unread ?? 0) === 0 };
  }

  /** A CLI that asks before its session begins has no hook and no record yet: only its screen tells. */
  private tellDialog(agent: AgentId): void {
    const detail = "a dialog is open on its screen";
    this.world.record(observe({ type: "agent.changed", agent, activity: "waiting", detail }));
  }

  private async type(pane: string, step: Typed): Promise<void> {
    const { terminals, clock, faultPoint } = this.world;
    if (step.do === "settle") return clock.sleep(SETTLE_MS);
    faultPoint(`before ${step.do}`);
    if (step.do === "paste") await terminals.paste(pane, step.text);
    if (step.do === "enter") await terminals.press(pane, [{ key: "Enter" }]);
    if (step.do === "clear") await terminals.press(pane, CLEAR);
    faultPoint(`after ${step.do}`);
  }

  private conclude(message: Message, outcome: Outcome): Performed {
    if (outcome.end === "closed") return {};
    if (outcome.end === "touched") return { again: TYPING_AGAIN_MS };
    return this.wait(message, outcome.reason, outcome.until);
  }

  private wait(message: Message, reason: string, until?: number): Performed {
    const { clock } = this.world;
    const most = reason === UNREAD ? UNREAD_AGAIN_MS : LOOK_AGAIN_MS;
    const again = until === undefined ? LOOK_AGAIN_MS : Math.min(most, Math.max(TYPING_AGAIN_MS, until - clock.now()));
    if (message.reason === reason) return { again };
    return { commands: [observe({ type: "message.waiting", mid: message.mid, reason })], again };
  }
}
