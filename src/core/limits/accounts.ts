import type { Hire } from "../facts.ts";
import type { Millis } from "../ids.ts";
import { livingAgents } from "../living.ts";
import { type Agent, isAlive, type State } from "../state.ts";

/** Whose quota an agent uses. One login of a CLI is one account; Muster tells logins apart by their CLI. */
const accountOf = ({ driver }: Pick<Hire, "driver">): string => driver;

/** Until when the account that this hire would use is limited; undefined = it is not, as far as its agents know. */
export function limitOf(state: State, hire: Pick<Hire, "driver">): Millis | undefined {
  const times = livingAgents(state)
    .filter((agent: Agent) => isAlive(agent) && accountOf(agent.hire) === accountOf(hire))
    .flatMap(({ limit }) => (limit ? [limit.until] : []));
  return times.length > 0 ? Math.max(...times) : undefined;
}
