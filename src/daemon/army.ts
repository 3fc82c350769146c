import { join } from "node:path";
import type { Command } from "../core/commands.ts";
import { type AgentId, DAEMON, LEAD } from "../core/ids.ts";
import { TASK_DRIVER } from "../core/queue/turns.ts";
import { LeadDesk } from "../engine/lead/operations.ts";
import { LeadReactor } from "../engine/lead/reactor.ts";
import type { Operations } from "../engine/operations.ts";
import { QueueDesk } from "../engine/queue/desk.ts";
import { QueueReactor } from "../engine/queue/reactor.ts";
import type { Reactor } from "../engine/reactor.ts";
import { PulseReactor } from "../engine/triggers/reactor.ts";
import { writeCopy } from "../files/ledger-copy.ts";
import type { Parts } from "./parts.ts";

/** What works for the army: its lead, and the queue of tasks. */
export interface ArmyWork {
  lead: LeadDesk;
  queue: QueueDesk;
  reactors: Reactor<unknown>[];
}

/** Under which name the environment of a task's caller is kept. */
const keptFor = (task: number): string => `task-${task}`;

function queueReactor({ engine, clock, log, environments }: Parts, operations: Operations): QueueReactor {
  const prompt = ({ seq }: { seq: number }): string => log.body(seq) ?? "";
  return new QueueReactor({
    ...{ clock, prompt },
    state: () => engine.state,
    dispatch: (command) => void engine.dispatch(command, DAEMON),
    mid: () => operations.mid(),
    hireFor: (task) => {
      const { driver = TASK_DRIVER, after: _, ...order } = task.order;
      const environment = environments.of(keptFor(task.task));
      return operations.hireFor({ ...order, prompt: prompt(task), agent: driver, environment }, DAEMON);
    },
  });
}

export function openArmyWork(parts: Parts, operations: Operations): ArmyWork {
  const { engine, clock, random, home, environments } = parts;
  /** `orchestrator-state.json` of the first, `orchestrator-state-2.json` of `orch-2`. */
  const path = (lead: AgentId) => join(home.folder, `orchestrator-state${lead.slice(LEAD.length)}.json`);
  const state = () => engine.state;
  const lead = new LeadReactor({ clock, random, state, path, write: (of, value) => writeCopy(path(of), value) });
  const dispatch = (command: Command) => void engine.dispatch(command, DAEMON);
  const pulse = new PulseReactor({ clock, state, dispatch, zone: Intl.DateTimeFormat().resolvedOptions().timeZone });
  return {
    lead: new LeadDesk({ engine, operations }),
    queue: new QueueDesk({
      ...{ engine, operations },
      keepEnvironment: (task, given) => environments.keep(keptFor(task), given),
      environmentOf: (lead) => environments.of(lead),
    }),
    reactors: [lead, queueReactor(parts, operations), pulse] as unknown as Reactor<unknown>[],
  };
}
