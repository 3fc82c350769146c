import { observe } from "../core/commands.ts";
import type { FaultPoint } from "../core/fault-points.ts";
import { type AgentId, isLead, type Millis } from "../core/ids.ts";
import { awaited, freePlaces, needsPlace } from "../core/jobs/admission.ts";
import { isKept, livingAgents } from "../core/living.ts";
import type { Clock, OpenTerminal, PaneStatus, Terminals } from "../core/ports.ts";
import { type Agent, isAlive, type State } from "../core/state.ts";
import type { Performed, Reactor } from "./reactor.ts";

/** What must be ready before a CLI can start: its files, environment and arguments. */
export interface HousingWorld {
  terminals: Pick<Terminals, "list" | "open" | "close">;
  clock: Clock;
  /** Writes the driver's files and returns the order for the terminal. */
  prepare(agent: Agent, incarnation: number): Promise<Parameters<Terminals["open"]>[0]>;
  /** Why this agent may not start yet; null = it may (repository trust, security S44). */
  obstacle(agent: Agent): Promise<string | null>;
  faultPoint(name: FaultPoint): void;
}

type Task = { agent: Agent; wish: "open" | "close" };

/** A CLI that died by itself is started again so often within the window, then a person is asked. */
interface Patience {
  restarts: number;
  windowMs: Millis;
  /** Milliseconds after the crash number `n` of the window. */
  delay(n: number): Millis;
  words: string;
}

/** P59. */
const OF_MEMBERS: Patience = {
  restarts: 3,
  windowMs: 600_000,
  delay: (n) => 1000 * 2 ** (n - 1),
  words: "4 times in ten minutes",
};
/** A59: the first time at once, then after a minute. */
const OF_LEAD: Patience = {
  restarts: 5,
  windowMs: 3_600_000,
  delay: (n) => (n === 1 ? 0 : 60_000),
  words: "6 times in an hour",
};

const patienceWith = ({ hire }: Agent): Patience => (isLead(hire.agent) ? OF_LEAD : OF_MEMBERS);

/** Milliseconds until a crashed agent may be started again; null = no more. */
function restartDelay(agent: Agent, now: Millis): number | null {
  const { restarts, windowMs, delay } = patienceWith(agent);
  const recent = agent.crashes.filter((at) => now - at < windowMs);
  if (recent.length > restarts) return null;
  const last = recent.at(-1);
  return last === undefined ? 0 : Math.max(0, last + delay(recent.length) - now);
}

/** Never opened, or hired anew under its old id. */
const isNew = ({ incarnation, activity, pane }: Agent): boolean =>
  incarnation === 0 || (activity === "starting" && pane === undefined);

function wishFor(agent: Agent): Task["wish"] | null {
  if (agent.dismissed) return isAlive(agent) || agent.opening ? "close" : null;
  if (isNew(agent) || agent.opening) return "open";
  if (agent.isRestarting && isAlive(agent)) return "close";
  const isGone = agent.activity === "exited" || agent.activity === "lost";
  return isGone && isKept(agent) ? "open" : null;
}

/** Gives every agent its terminal and takes it back. After a crash between asking tmux and hearing back it adopts. */
export class HousingReactor implements Reactor<Task> {
  readonly name = "housing";
  /** What was last told of an agent that may not be started again. */
  private readonly held = new Map<AgentId, string>();

  constructor(private readonly world: HousingWorld) {}

  pending(state: State): Map<AgentId, Task> {
    const tasks = new Map<AgentId, Task>();
    let places: number | undefined;
    for (const agent of livingAgents(state)) {
      const wish = wishFor(agent);
      if (wish === "open" && needsPlace(agent)) {
        places ??= freePlaces(state);
        if (places <= 0 || awaited(state, agent) !== undefined) continue;
        places -= 1;
      }
      if (wish) tasks.set(agent.hire.agent, { agent, wish });
    }
    return tasks;
  }

  perform({ agent, wish }: Task): Promise<Performed> {
    return wish === "open" ? this.open(agent) : this.close(agent);
  }

  private async open(agent: Agent): Promise<Performed> {
    const { agent: id } = agent.hire;
    const reason = await this.world.obstacle(agent);
    if (reason) return this.hold(agent, reason);
    if (agent.opening) return this.finish(agent, agent.incarnation);
    const delay = restartDelay(agent, this.world.clock.now());
    if (delay === null) return this.giveUp(agent);
    if (delay > 0) return { again: delay };
    // Written down before tmux is asked: a crash in between is found as `opening`.
    return { commands: [observe({ type: "terminal.opening", agent: id, incarnation: agent.incarnation + 1 })] };
  }

  /** One that has ended stays so in the state: that it waits for a person is a notice then, told once. */
  private hold({ hire, activity }: Agent, reason: string): Performed {
    const { agent: id, seat } = hire;
    const isGone = activity === "exited" || activity === "lost";
    if (!isGone) {
      return {
        commands: [observe({ type: "agent.changed", agent: id, activity: "waiting", detail: reason })],
        again: 2000,
      };
    }
    if (this.held.get(id) === reason) return { again: 2000 };
    this.held.set(id, reason);
    const text = `${seat ?? id} is not started again: ${reason}`;
    return { commands: [observe({ type: "notice.raised", level: "warning", text, about: id })], again: 2000 };
  }

  private async finish(agent: Agent, incarnation: number): Promise<Performed> {
    const { terminals, faultPoint } = this.world;
    const { agent: id } = agent.hire;
    const order = await this.world.prepare(agent, incarnation);
    faultPoint("before terminal.open");
    const adopted = (await terminals.list()).find((pane) => isOf(pane, id, incarnation));
    const opened: OpenTerminal = adopted
      ? { pane: adopted.pane, pid: adopted.pid, log: "" }
      : await terminals.open(order);
    faultPoint("after terminal.open");
    const { pane, pid } = opened;
    return { commands: [observe({ type: "terminal.opened", agent: id, incarnation, pane, pid, log: `${id}.log` })] };
  }

  private giveUp(agent: Agent): Performed {
    const { agent: id, seat } = agent.hire;
    if (agent.isAbandoned) return {};
    const again = seat
      ? `/restart ${seat.toLowerCase()} starts it again`
      : `muster orchestrator stop ${id}, then start ${id}`;
    const text = `${seat ?? id} crashed ${patienceWith(agent).words} and is not started again; ${again}`;
    const { incarnation } = agent;
    const abandoned = { type: "agent.abandoned", agent: id, incarnation } as const;
    return { commands: [observe(abandoned, { type: "notice.raised", level: "error", text, about: id })] };
  }

  private async close(agent: Agent): Promise<Performed> {
    const { agent: id } = agent.hire;
    if (agent.pane !== undefined) await this.world.terminals.close(agent.pane);
    for (const pane of await this.world.terminals.list()) {
      if (isOf(pane, id, agent.incarnation)) await this.world.terminals.close(pane.pane);
    }
    return {
      commands: [
        observe({ type: "terminal.exited", agent: id, incarnation: agent.incarnation, code: null, signal: null }),
      ],
    };
  }
}

const isOf = (pane: PaneStatus, agent: AgentId, incarnation: number): boolean =>
  pane.agent === agent && pane.incarnation === incarnation;
