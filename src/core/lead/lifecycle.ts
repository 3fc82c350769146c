import { type Command, observe } from "../commands.ts";
import { configOf } from "../config/state.ts";
import { type AgentId, type Mid, type Millis, SYSTEM } from "../ids.ts";
import { leadTask } from "../queue/state.ts";
import { type Agent, isAlive, type State } from "../state.ts";
import { leadOf } from "./state.ts";
import { resumeText, warnText } from "./texts.ts";

/** It is asked for notes at most so often. */
const WARN_EVERY_MS = 120_000;
/** After a clear that came to nothing, the next try. */
const RETRY_MS = 10_000;

/** How full the context of an agent is, in percent; undefined = its CLI has not said so. */
function percentOf({ usage }: Pick<Agent, "usage">): number | undefined {
  if (!usage?.contextSize) return undefined;
  return Math.round((100 * usage.contextTokens) / usage.contextSize);
}

/** A lead's, unless nothing was measured since its context was cleared. */
export function leadPercent(state: State, id: AgentId): number | undefined {
  const agent = state.agents[id];
  const { clearedAt, measuredAt = 0 } = leadOf(state, id);
  const isOld = clearedAt !== undefined && measuredAt <= clearedAt;
  return agent && !isOld ? percentOf(agent) : undefined;
}

export interface Moment {
  now: Millis;
  /** A new id for a message, and for a control. */
  mid(): Mid;
  control(): string;
  /** Which lead. */
  lead: AgentId;
  /** Where its state file stands. */
  path: string;
}

/** What a lead's life asks for now; `again`: look once more after so many milliseconds. */
export interface Act {
  commands: Command[];
  again?: number;
}

const tell = ({ lead }: Moment, mid: Mid, text: string): Command => ({
  do: "send",
  letter: { mid, from: SYSTEM, to: lead, kind: "system", text },
});

function warn(moment: Moment, percent: number): Act {
  const said = tell(moment, moment.mid(), warnText(percent, moment.path));
  return { commands: [observe({ type: "lead.warned", lead: moment.lead, percent }), said], again: WARN_EVERY_MS };
}

/** Its turn is ended first; the clear waits for the prompt by itself, and gives up after its own patience. */
function clear(busy: Agent, moment: Moment, percent: number): Act {
  const { lead: agent } = moment;
  const control = moment.control();
  const interrupt: Command[] =
    busy.activity === "busy" ? [{ do: "control", agent, id: moment.control(), action: "interrupt" }] : [];
  const begun = observe({ type: "lead.clearing", lead: moment.lead, percent, control });
  return { commands: [begun, ...interrupt, { do: "control", agent, id: control, action: "clear" }] };
}

/** A clear under way: nothing, unless its control ended without success. */
function follow({ controls }: Agent, moment: Moment, control: string): Act {
  if (controls.some(({ id }) => id === control)) return { commands: [] };
  const reason = "the CLI was not cleared: it did not come to its prompt in time";
  return { commands: [observe({ type: "lead.uncleared", lead: moment.lead, reason })], again: RETRY_MS };
}

/** What is due in a lead's life: the word after a clear or a new start, a clear, a warning; null = nothing. */
export function leadAct(state: State, moment: Moment): Act | null {
  const { lead: id } = moment;
  const lead = leadOf(state, id);
  const agent = state.agents[id];
  if (!lead.isWanted || !agent || agent.dismissed || !isAlive(agent)) return null;
  if (lead.clearing) return follow(agent, moment, lead.clearing.control);
  if (lead.resume) {
    const mid = moment.mid();
    const said = tell(moment, mid, resumeText(lead.resume, moment.path, lead.notes, leadTask(state.queue, id)));
    return { commands: [said, observe({ type: "lead.resumed", lead: moment.lead, mid })] };
  }
  const percent = leadPercent(state, id);
  const { warnPct, clearPct } = configOf(state);
  if (percent === undefined || percent < warnPct) return null;
  if (percent >= clearPct) {
    const last = Math.max(lead.unclearedAt ?? -RETRY_MS, lead.clearedAt ?? -RETRY_MS);
    const wait = last + RETRY_MS - moment.now;
    return wait > 0 ? { commands: [], again: wait } : clear(agent, moment, percent);
  }
  const wait = (lead.warnedAt ?? -WARN_EVERY_MS) + WARN_EVERY_MS - moment.now;
  return wait > 0 ? { commands: [], again: wait } : warn(moment, percent);
}
