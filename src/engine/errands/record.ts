import { foremanDue, foremanIn, isForemanOn } from "../../core/errands/roles.ts";
import type { Millis } from "../../core/ids.ts";
import type { State, Team } from "../../core/state.ts";

const seconds = (at: Millis | undefined): number | null => (at === undefined ? null : Math.floor(at / 1000));

/** What `.muster/state/foreman.json` says (3.15); times in seconds since 1970. `pid`: of the run at work. */
export function foremanRecord(state: State, team: Team, now: Millis, pid: number | null): Record<string, unknown> {
  const foreman = foremanIn(state, team.name);
  const isRunning = foreman.errand !== undefined;
  const isDue = isForemanOn(team) && !isRunning && !team.stopped;
  return {
    running: isRunning,
    next_due_ts: isDue ? seconds(Math.max(now, foremanDue(team, foreman))) : null,
    last_start_ts: seconds(foreman.lastStartAt),
    last_end_ts: seconds(foreman.lastEndAt),
    last_rc: foreman.rc ?? null,
    last_out_dir: foreman.folder ?? null,
    pid: isRunning ? pid : null,
  };
}
