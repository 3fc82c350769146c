import type { ConfigChanges } from "./state.ts";

/** What the home's own settings file says from now on. */
export type ConfigFact = { type: "config.loaded"; changes: ConfigChanges };

/** Only the daemon sees these. */
export const CONFIG_OBSERVED = ["config.loaded"] as const satisfies readonly ConfigFact["type"][];
