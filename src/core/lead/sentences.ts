import { LEAD } from "../ids.ts";
import { plain, quiet, type Sayings } from "../saying.ts";
import { preview } from "../text.ts";
import type { LeadFact } from "./facts.ts";

/** `lead` is the first one, `lead orch-2` another. */
const who = ({ lead = LEAD }: { lead?: string }): string => (lead === LEAD ? "lead" : `lead ${lead}`);

const forWhat = (tags: string[] = []): string => (tags.length > 0 ? `; for ${tags.join(", ")}` : "");

export const LEAD_SAYINGS: Sayings<LeadFact["type"]> = {
  "lead.summoned": (event) => ({
    ...plain(`is wanted: started, and started again when it dies${forWhat(event.tags)}`),
    who: who(event),
  }),
  "lead.retired": (event) => ({ ...plain(`is not wanted any more: ${event.reason}`), who: who(event) }),
  "lead.warned": (event) => ({
    tone: "warn",
    who: who(event),
    text: `context ${event.percent} % full: asked for its notes`,
  }),
  "lead.clearing": (event) => ({
    tone: "warn",
    who: who(event),
    text: `context ${event.percent} % full: is being cleared`,
  }),
  "lead.uncleared": (event) => ({ tone: "warn", who: who(event), text: event.reason }),
  "lead.resumed": (event) => ({ ...quiet("was told where its state stands"), who: who(event) }),
  "lead.noted": (event) => ({ ...quiet(`notes: ${preview(event.text)}`), who: who(event) }),
};
