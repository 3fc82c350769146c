import { observe } from "../../core/commands.ts";
import type { AgentId, Millis } from "../../core/ids.ts";
import type { Clock } from "../../core/ports.ts";
import type { Agent, Job, State } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";
import { openJobs } from "./timeouts.ts";

export interface SilenceWorld {
  clock: Pick<Clock, "now">;
  /** Minutes of silence after which a person is asked (`job.silence_minutes`); 0 = never. */
  limit(): Promise<number>;
  /** When an agent's terminal printed last; null = never. */
  printedAt(agent: AgentId): Promise<Millis | null>;
  /** The last lines of a pane, its scrollback included. */
  lines(pane: string, count: number): Promise<string[]>;
}

interface Task {
  agent: Agent;
  job: Job;
}

const LINES = 40;
/** How often a silent terminal is looked at: nothing tells when it speaks again. */
const LOOK_AGAIN_MS = 10_000;
/** A limit that was off may be on later. */
const OFF_AGAIN_MS = 60_000;

/** A person is already asked, or knows when it goes on. */
const waits = ({ activity }: Agent): boolean => activity === "waiting" || activity === "limited";

/** Asks a person to look after a job whose terminal is silent for too long (A35). Nothing is ended. */
export class SilenceReactor implements Reactor<Task> {
  readonly name = "silence";

  constructor(private readonly world: SilenceWorld) {}

  pending(state: State): Map<AgentId, Task> {
    const open = openJobs(state).filter(({ agent }) => agent.pane !== undefined && !waits(agent));
    return new Map(open.map((task) => [task.agent.hire.agent, task]));
  }

  async perform({ agent, job }: Task): Promise<Performed> {
    const { world } = this;
    const { agent: id } = agent.hire;
    const printed = (await world.printedAt(id)) ?? 0;
    if (job.stalled) {
      if (printed <= job.stalled.at) return { again: LOOK_AGAIN_MS };
      return { commands: [observe({ type: "job.stirred", job: job.id, agent: id })] };
    }
    const minutes = await world.limit();
    if (minutes === 0) return { again: OFF_AGAIN_MS };
    const wait = Math.max(printed, job.createdAt, agent.since) + minutes * 60_000 - world.clock.now();
    if (wait > 0) return { again: wait };
    const body = (await world.lines(agent.pane ?? "", LINES)).slice(-LINES).join("\n");
    const text = `job ${job.id} is silent for ${minutes} min; muster attach ${id}`;
    return {
      commands: [
        observe(
          { type: "job.stalled", job: job.id, agent: id, minutes, body },
          { type: "notice.raised", level: "warning", text, about: id },
        ),
      ],
      again: LOOK_AGAIN_MS,
    };
  }
}
