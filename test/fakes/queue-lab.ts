import { DAEMON, LEAD } from "../../src/core/ids.ts";
import type { TaskOrder } from "../../src/core/queue/facts.ts";
import type { QueuedTask } from "../../src/core/queue/state.ts";
import { Refusal } from "../../src/core/refusal.ts";
import { limitRule } from "../../src/engine/limits/rules.ts";
import { QueueReactor } from "../../src/engine/queue/reactor.ts";
import { queueRules } from "../../src/engine/queue/rules.ts";
import { jobRule } from "../../src/engine/rules.ts";
import { hireOf } from "./history.ts";
import { House } from "./house.ts";

export const ORDER: Omit<TaskOrder, "prompt"> = { priority: 0, after: [], cwd: "/r", isDirect: true, retries: 0 };

/** A house with a queue: its agents can be hired, and their jobs ended by hand. */
export class QueueLab extends House {
  /** Why no agent can be hired. */
  obstacle: string | null = null;
  private count = 0x10;

  constructor() {
    super([jobRule, limitRule, ...queueRules]);
    const reactor = new QueueReactor({
      clock: this.clock,
      state: () => this.state,
      dispatch: (command) => void this.dispatch(command, DAEMON),
      prompt: ({ seq }) => this.log.body(seq) ?? "",
      mid: () => `m-${this.id()}`,
      hireFor: async () => {
        if (this.obstacle) throw new Refusal("failed", this.obstacle, "install it");
        return hireOf(this.id());
      },
    });
    this.run(reactor as never);
  }

  private id(): string {
    return (this.count++).toString(16).padStart(8, "0");
  }

  async add(prompt: string, more: Partial<TaskOrder> = {}): Promise<number> {
    this.dispatch({ do: "enqueue", order: { ...ORDER, prompt, ...more } });
    await this.settle();
    return this.state.queue.last;
  }

  task(number: number): QueuedTask {
    const found = this.state.queue.tasks[number];
    if (!found) throw new Error(`no task ${number}`);
    return found;
  }

  /** `1 2 at work, 3 waiting`. */
  get shown(): string {
    const names = (state: string) =>
      Object.values(this.state.queue.tasks)
        .filter((one) => one.state === state)
        .map((one) => one.task)
        .join(" ");
    return `${names("processing")} at work, ${names("pending")} waiting`;
  }

  agentOf(number: number): string {
    return this.task(number).agent ?? "";
  }

  /** The agent of a task works, and its job ends so. */
  async works(number: number, outcome: "completed" | "failed" | "lost", reason = ""): Promise<void> {
    this.observe({ type: "job.finished", job: this.agentOf(number), outcome, reason });
    await this.settle();
  }

  /** A lead that is idle and has heard its first words. */
  async lead(lead = LEAD, tags?: string[]): Promise<void> {
    const { agent: _, ...hire } = hireOf(lead, { driver: "claude" });
    this.dispatch({ do: "summon", lead, hire, tags });
    this.observe({ type: "lead.resumed", lead, mid: "m-first" });
    this.open(lead);
    await this.settle();
  }

  /** What the lead was told, oldest first. */
  told(lead = LEAD): string[] {
    return this.log
      .read(0)
      .flatMap((event) =>
        event.type === "message.queued" && event.to === lead ? [this.log.body(event.seq) ?? ""] : [],
      );
  }

  /** A turn of the lead: it begins after a second and takes ten. */
  async turn(summary: string, agent = LEAD): Promise<void> {
    await this.clock.pass(1000);
    this.observe({ type: "turn.started", agent }, { type: "agent.changed", agent, activity: "busy" });
    await this.clock.pass(10_000);
    this.observe(
      { type: "turn.ended", agent, outcome: "done", summary },
      { type: "agent.changed", agent, activity: "idle" },
    );
    await this.settle();
  }
}
