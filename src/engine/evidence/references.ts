import { observe } from "../../core/commands.ts";
import type { TeamName } from "../../core/ids.ts";
import type { PatchLine } from "../../core/ports.ts";
import { type Evidence, evidenceKey, type State } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";

export interface EvidenceWorld {
  line: Pick<PatchLine, "judge">;
  state(): State;
}

/** Looks at what letters refer to; until then it is only said (P47). */
export class EvidenceReactor implements Reactor<Evidence> {
  readonly name = "evidence";

  constructor(private readonly world: EvidenceWorld) {}

  pending(state: State): Map<TeamName, Evidence> {
    const tasks = new Map<TeamName, Evidence>();
    for (const evidence of Object.values(state.evidence)) {
      if (evidence.verdict === undefined && !tasks.has(evidence.team)) tasks.set(evidence.team, evidence);
    }
    return tasks;
  }

  async perform(evidence: Evidence, signal: AbortSignal): Promise<Performed> {
    const { mid, ref, team } = evidence;
    const repo = this.world.state().teams[team]?.repo;
    if (!repo || this.world.state().evidence[evidenceKey(evidence)]?.verdict) return { again: 0 };
    const { verdict, detail } = await this.world.line.judge(repo, ref, signal);
    return { commands: [observe({ type: "evidence.judged", mid, ref, verdict, detail })], again: 0 };
  }
}
