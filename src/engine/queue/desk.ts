import type { Environment } from "../../core/environment.ts";
import type { AgentId, Principal } from "../../core/ids.ts";
import type { TaskNumber, TaskOrder } from "../../core/queue/facts.ts";
import { TASK_DRIVER } from "../../core/queue/turns.ts";
import type { Engine } from "../engine.ts";
import type { Operations } from "../operations.ts";

export interface QueueDeskWorld {
  engine: Engine;
  operations: Pick<Operations, "agreed" | "prepare">;
  /** Keeps the caller's environment for a task. */
  keepEnvironment(task: TaskNumber, given: Environment): void;
  /** That of a lead, for what it adds itself. */
  environmentOf(lead: AgentId): Environment;
}

export interface TaskWish extends TaskOrder {
  environment?: Environment;
  /** The person agrees to the agent configuration that the repository brings. */
  trust?: boolean;
}

/** Where tasks are put into the queue. */
export class QueueDesk {
  constructor(private readonly world: QueueDeskWorld) {}

  /** What could not be started at its turn is refused now. */
  async add({ environment, trust, ...order }: TaskWish, by: Principal): Promise<{ task: TaskNumber }> {
    const { engine, operations, keepEnvironment, environmentOf } = this.world;
    const { after: _, ...plain } = order;
    const kept = by.kind === "agent" ? environmentOf(by.agent) : environment;
    const wish = { ...plain, agent: order.driver ?? TASK_DRIVER, environment: kept, trust };
    const { cwd, account } = order.isDirect
      ? await operations.agreed(wish, by)
      : await operations.prepare({ ...plain, agent: "standin" });
    const [added] = engine.dispatch(
      { do: "enqueue", order: { ...order, cwd, ...(order.isDirect ? { account } : {}) } },
      by,
    );
    if (added?.type !== "queue.added") throw new Error("a task without an origin is always added");
    if (order.isDirect && kept) keepEnvironment(added.task, kept);
    return { task: added.task };
  }
}
