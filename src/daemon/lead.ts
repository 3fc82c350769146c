import { join } from "node:path";
import { LeadDesk } from "../engine/lead/operations.ts";
import { LeadReactor } from "../engine/lead/reactor.ts";
import type { Operations } from "../engine/operations.ts";
import type { Reactor } from "../engine/reactor.ts";
import { writeCopy } from "../files/ledger-copy.ts";
import { operationsOf } from "./operations.ts";
import type { Parts } from "./parts.ts";

/** What works for the lead, and for single agents. */
export interface LeadWork {
  operations: Operations;
  reactor: Reactor<unknown>;
  desk: LeadDesk;
}

export function openLeadWork(parts: Parts): LeadWork {
  const { engine, clock, random, home } = parts;
  const operations = operationsOf(parts);
  const path = join(home.folder, "orchestrator-state.json");
  const state = () => engine.state;
  const reactor = new LeadReactor({ clock, random, state, path, write: (value) => writeCopy(path, value) });
  return {
    operations,
    reactor: reactor as unknown as Reactor<unknown>,
    desk: new LeadDesk({ engine, operations }),
  };
}
