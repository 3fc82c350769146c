import { plain, quiet, type Sayings } from "../saying.ts";
import { preview } from "../text.ts";
import type { LeadFact } from "./facts.ts";

const who = "lead";

export const LEAD_SAYINGS: Sayings<LeadFact["type"]> = {
  "lead.summoned": () => ({ ...plain("is wanted: started, and started again when it dies"), who }),
  "lead.retired": ({ reason }) => ({ ...plain(`is not wanted any more: ${reason}`), who }),
  "lead.warned": ({ percent }) => ({ tone: "warn", who, text: `context ${percent} % full: asked for its notes` }),
  "lead.clearing": ({ percent }) => ({ tone: "warn", who, text: `context ${percent} % full: is being cleared` }),
  "lead.uncleared": ({ reason }) => ({ tone: "warn", who, text: reason }),
  "lead.resumed": () => ({ ...quiet("was told where its state stands"), who }),
  "lead.noted": ({ text }) => ({ ...quiet(`notes: ${preview(text)}`), who }),
};
