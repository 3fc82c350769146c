import { DialogDesk } from "../engine/dialogs.ts";
import type { Parts } from "./parts.ts";
import { sha256 } from "./system.ts";

/** Dialogs of the CLIs' screens, for whoever answers them from elsewhere. */
export const dialogsOf = ({ engine, terminals, leases, clock, driverOf }: Parts): DialogDesk =>
  new DialogDesk({ engine, terminals, leases, clock, driverOf, sha256 });
