import type { Hire } from "../facts.ts";
import type { Millis } from "../ids.ts";
import { livingAgents } from "../living.ts";
import { isAlive, type State } from "../state.ts";

/** One login of a CLI is one account, whose quota all its agents use; a login that nobody knows may be any of that CLI. */
type Login = Pick<Hire, "driver" | "account">;

const mayBeOne = (left: Login, right: Login): boolean =>
  left.driver === right.driver &&
  (left.account === undefined || right.account === undefined || left.account === right.account);

/** Logins that are limited, as far as their agents know, and until when: looked up once for as many as one asks about. */
export type LimitedAccounts = readonly (Login & { until: Millis })[];

export function limitedAccounts(state: State): LimitedAccounts {
  const limited: (Login & { until: Millis })[] = [];
  for (const agent of livingAgents(state)) {
    if (!agent.limit || !isAlive(agent)) continue;
    const { driver, account } = agent.hire;
    const known = limited.find((one) => one.driver === driver && one.account === account);
    if (known) known.until = Math.max(known.until, agent.limit.until);
    else limited.push({ driver, account, until: agent.limit.until });
  }
  return limited;
}

/** Until when the account that this login would use is limited; undefined = it is not. */
export function limitOf(limited: LimitedAccounts, login: Login): Millis | undefined {
  const ends = limited.filter((one) => mayBeOne(one, login)).map(({ until }) => until);
  return ends.length === 0 ? undefined : Math.max(...ends);
}
