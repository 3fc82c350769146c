import type { BoardLook } from "../../core/boards/port.ts";
import { isDoneStage, parseSubpor } from "../../core/boards/subpor.ts";
import type { Judgement } from "../../core/ports.ts";
import type { State } from "../../core/state.ts";

export interface ProofWorld {
  state(): State;
  /** Checks a reference that costs no run: `commit:`, `log:`. */
  judge(repo: string, ref: string): Promise<Judgement>;
}

/** References looked at per sheet. */
const REFS_LIMIT = 20;

/** Which references of ended sheets Muster itself has seen to be true. */
export class Proofs {
  /** By repository, sheet, its last change and references; a sheet is judged once. */
  private readonly judged = new Map<string, Set<string>>();

  constructor(private readonly world: ProofWorld) {}

  async of(repo: string, sheets: BoardLook["sheets"]): Promise<(ref: string) => boolean> {
    const verified = new Set<string>();
    for (const { ref, verdict } of Object.values(this.world.state().evidence)) {
      if (verdict === "verified") verified.add(ref);
    }
    for (const { path, text, updatedAt } of sheets) {
      const sheet = parseSubpor(text);
      if (!isDoneStage(sheet.stage) || sheet.refs.some((ref) => verified.has(ref))) continue;
      const key = `${repo}/${path} ${updatedAt} ${sheet.refs.join(" ")}`;
      const known = this.judged.get(key) ?? (await this.judge(repo, sheet.refs));
      this.judged.set(key, known);
      for (const ref of known) verified.add(ref);
    }
    return (ref) => verified.has(ref);
  }

  private async judge(repo: string, refs: string[]): Promise<Set<string>> {
    const found = new Set<string>();
    for (const ref of refs.filter((one) => /^(commit|log):/.test(one)).slice(0, REFS_LIMIT)) {
      const { verdict } = await this.world.judge(repo, ref);
      if (verdict === "verified") found.add(ref);
    }
    return found;
  }
}
