import type { QueueLimits } from "../queue/facts.ts";
import type { State } from "../state.ts";
import type { ApprovalRule } from "./approval-rule.ts";

/** What holds for everything of one home, unless its `config.yaml` says otherwise. */
export interface HomeConfig {
  /** Minutes of a silent terminal after which a person is asked; 0 = never. */
  silenceMinutes: number;
  /** From where on the context of the lead counts as nearly full, and as full; in percent. */
  warnPct: number;
  clearPct: number;
  /** May the lead let things act without a person, and change limits? */
  mayAutomate: boolean;
  /** Does an agent go on by itself when its usage limit is over? */
  resumesLimits: boolean;
  /** Which questions of agents become approvals; the first that fits counts. */
  approvals: ApprovalRule[];
  /** Hosts besides this machine's own under which the page answers, as a tunnel gives them. */
  hosts: string[];
  /** Push services besides those of the known browsers. */
  pushHosts: string[];
}

/** What a `config.yaml` says; the rest are defaults. */
export interface ConfigChanges extends Partial<HomeConfig> {
  /** The newest word counts: these, or what `muster queue limits` said later. */
  limits?: Partial<QueueLimits>;
}

const DEFAULTS: HomeConfig = {
  ...{ silenceMinutes: 60, warnPct: 70, clearPct: 80, mayAutomate: false, resumesLimits: true },
  approvals: [],
  hosts: [],
  pushHosts: [],
};

/** What holds now. */
export function configOf({ config }: Pick<State, "config">): HomeConfig {
  const { limits: _, ...stated } = config;
  return { ...DEFAULTS, ...stated };
}

/** Why these do not go together; null = they do. */
export function configProblem(changes: ConfigChanges): string | null {
  const { warnPct, clearPct } = { ...DEFAULTS, ...changes };
  return warnPct < clearPct ? null : `lead.clear_pct: ${clearPct} is not above lead.warn_pct, ${warnPct}`;
}
