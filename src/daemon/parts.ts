import type { Home } from "../client/home.ts";
import type { Environment } from "../core/environment.ts";
import type { FaultPoint } from "../core/fault-points.ts";
import type { Clock, Driver, Log, Random } from "../core/ports.ts";
import type { Agent } from "../core/state.ts";
import type { Engine } from "../engine/engine.ts";
import type { Leases } from "../engine/leases.ts";
import type { EventsCopy } from "../files/events-copy.ts";
import type { Bulk } from "../store/bulk.ts";
import type { TerminalServer } from "../tmux/terminals.ts";
import type { Environments } from "./environments.ts";

/** What the daemon's own files hand each other. */
export interface Parts {
  home: Home;
  /** The daemon's own environment, which is its first caller's. */
  env: Environment;
  /** Those of whoever asked for agents. */
  environments: Environments;
  clock: Clock;
  random: Random;
  log: Log;
  engine: Engine;
  bulk: Bulk;
  /** The readable copy of the hook events in `bulk`. */
  eventsCopy: EventsCopy;
  terminals: TerminalServer;
  leases: Leases;
  /** Aborts when the daemon ends. */
  ending: AbortSignal;
  driverOf(agent: Agent): Driver;
  /** Kills the process here, if a crash test asked for it. */
  faultPoint(name: FaultPoint): void;
}
