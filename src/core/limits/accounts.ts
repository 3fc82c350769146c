import type { Hire } from "../facts.ts";
import type { Millis } from "../ids.ts";
import { livingAgents } from "../living.ts";
import { isAlive, type State } from "../state.ts";

type Login = Pick<Hire, "driver" | "account">;

/** Whose quota an agent uses: one login of a CLI is one account. */
const accountOf = ({ driver, account }: Login): string => JSON.stringify([driver, account ?? ""]);

/** Accounts that are limited, as far as their agents know, and until when: looked up once for as many hires as one asks about. */
export type LimitedAccounts = ReadonlyMap<string, Millis>;

export function limitedAccounts(state: State): LimitedAccounts {
  const limited = new Map<string, Millis>();
  for (const agent of livingAgents(state)) {
    if (!agent.limit || !isAlive(agent)) continue;
    const account = accountOf(agent.hire);
    limited.set(account, Math.max(limited.get(account) ?? 0, agent.limit.until));
  }
  return limited;
}

/** Until when the account that this hire would use is limited; undefined = it is not. */
export const limitOf = (limited: LimitedAccounts, hire: Login): Millis | undefined => limited.get(accountOf(hire));
