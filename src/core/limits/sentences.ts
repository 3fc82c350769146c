import { nameOf, plain, type Sayings } from "../saying.ts";
import type { LimitFact } from "./facts.ts";

export const LIMIT_SAYINGS: Sayings<LimitFact["type"]> = {
  "limit.reached": ({ agent, until, isKnown }, state) => ({
    tone: "warn",
    who: nameOf(state, agent),
    text: `usage limit reached; ${isKnown ? "it ends" : "tried again"} at ${new Date(until).toISOString().slice(0, 16)}Z`,
  }),
  "limit.passed": ({ agent }, state) => ({
    ...{ tone: "warn", who: nameOf(state, agent) },
    text: `its usage limit is over; muster resume ${agent} lets it go on`,
  }),
  "limit.ended": ({ agent }, state) => ({ ...plain("its usage limit has ended"), who: nameOf(state, agent) }),
};
