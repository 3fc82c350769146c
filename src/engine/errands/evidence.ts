import { type Command, observe } from "../../core/commands.ts";
import { checkEnvironment, type Environment } from "../../core/environment.ts";
import type { CardCheck, CardVerdict, CheckRuns, EvidenceCard } from "../../core/errands/card.ts";
import type { CheckDone } from "../../core/errands/facts.ts";
import { stampOf } from "../../core/errands/texts.ts";
import { DAEMON, type Principal } from "../../core/ids.ts";
import type { Clock } from "../../core/ports.ts";

export interface EvidenceWorld {
  clock: Pick<Clock, "now">;
  checks: CheckRuns;
  dispatch(command: Command, by: Principal): void;
  /** Absolute path of an existing folder, or a Refusal. */
  folder(path: string): Promise<string>;
  /** What a repository's own commands get where the caller names nothing. */
  environment(repo: string): Environment;
  /** Aborts when the daemon ends. */
  ending: AbortSignal;
}

const DEFAULT_LIMIT_S = 120;

/** Runs a person's evidence cards: their own commands in their repository, one after the other (P12). */
export class EvidenceDesk {
  constructor(private readonly world: EvidenceWorld) {}

  /** Every check is run, whatever became of those before it. */
  async run(order: { repo: string; card: EvidenceCard; environment?: Environment }): Promise<CardVerdict> {
    const { clock, checks: runs, dispatch, folder, environment } = this.world;
    const repo = await folder(order.repo);
    const { title, kind, checks } = order.card;
    const log = await runs.open(repo, `evrun-${stampOf(clock.now())}`);
    const env = checkEnvironment(order.environment ?? environment(repo));
    const done: CheckDone[] = [];
    for (const check of checks) done.push(await this.check(check, { repo, env, log }));
    const isPassed = done.every(({ code, isAllowed }) => code === 0 || isAllowed);
    const verdict = { title, kind, isPassed, log: log.slice(repo.length + 1), checks: done };
    dispatch(observe({ type: "evidence.validated", repo, ...verdict }), DAEMON);
    return verdict;
  }

  private async check(
    check: CardCheck,
    at: { repo: string; env: Record<string, string>; log: string },
  ): Promise<CheckDone> {
    const { clock, checks: runs, ending: signal } = this.world;
    const begun = clock.now();
    const limitMs = (check.timeout_sec ?? DEFAULT_LIMIT_S) * 1000;
    const code = await runs.run({ line: check.run, cwd: at.repo, env: at.env, log: at.log, limitMs, signal });
    return { name: check.name, code, millis: clock.now() - begun, isAllowed: check.allow_failure === true };
  }
}
