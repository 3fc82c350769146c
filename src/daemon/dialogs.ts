import { DialogDesk } from "../engine/dialogs.ts";
import type { Parts } from "./parts.ts";

/** Dialogs of the CLIs' screens, for whoever answers them from elsewhere. */
export const dialogsOf = ({ engine, terminals, leases, clock, driverOf }: Parts): DialogDesk =>
  new DialogDesk({
    ...{ engine, terminals, leases, clock, driverOf },
    sha256: (text) => new Bun.CryptoHasher("sha256").update(text).digest("hex"),
  });
