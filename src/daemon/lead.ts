import { join } from "node:path";
import { LeadDesk } from "../engine/lead/operations.ts";
import { LeadReactor } from "../engine/lead/reactor.ts";
import type { Operations } from "../engine/operations.ts";
import type { Reactor } from "../engine/reactor.ts";
import { writeCopy } from "../files/ledger-copy.ts";
import type { Parts } from "./parts.ts";

/** What works for the lead. */
export interface LeadWork {
  reactor: Reactor<unknown>;
  desk: LeadDesk;
}

export function openLeadWork({ engine, clock, random, home }: Parts, operations: Operations): LeadWork {
  const path = join(home.folder, "orchestrator-state.json");
  const state = () => engine.state;
  const reactor = new LeadReactor({ clock, random, state, path, write: (value) => writeCopy(path, value) });
  return {
    reactor: reactor as unknown as Reactor<unknown>,
    desk: new LeadDesk({ engine, operations }),
  };
}
