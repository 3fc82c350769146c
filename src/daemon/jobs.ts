import { join } from "node:path";
import type { Agent } from "../core/state.ts";
import { driverNamed } from "../drivers/registry.ts";
import { JobDesk } from "../engine/jobs/desk.ts";
import { TimeoutReactor } from "../engine/jobs/timeouts.ts";
import type { Operations } from "../engine/operations.ts";
import type { Reactor } from "../engine/reactor.ts";
import { logSize } from "../tmux/byte-log.ts";
import { operationsOf } from "./operations.ts";
import type { Parts } from "./parts.ts";
import { placeOf } from "./places.ts";

/** What works on jobs besides their agents' terminals. */
export interface JobWork {
  operations: Operations;
  desk: JobDesk;
  reactors: Reactor<unknown>[];
}

export function openJobWork(parts: Parts): JobWork {
  const operations = operationsOf(parts);
  const { home, engine, clock, random, env } = parts;
  const logOf = (agent: string): string => join(home.jobs, `${agent}.log`);
  const desk = new JobDesk({
    ...{ engine, operations, clock, random },
    commandLine: (hire, given) => {
      const place = placeOf(home, { hire } as Agent, 1, join(home.letters, hire.agent), given ?? env);
      return driverNamed(hire.driver).driver.launch(hire, place).argv;
    },
    mechanism: ({ driver, permission }) => driverNamed(driver).driver.abilities.permissions[permission] ?? "",
    logSize: (agent) => logSize(logOf(agent)),
  });
  return { operations, desk, reactors: [new TimeoutReactor(clock)] as Reactor<unknown>[] };
}
