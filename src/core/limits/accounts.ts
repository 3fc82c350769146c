import type { Hire } from "../facts.ts";
import type { Millis } from "../ids.ts";
import { type Agent, isAlive, type State } from "../state.ts";

/** Whose quota an agent uses. One login of a CLI is one account; Muster tells logins apart by their CLI. */
const accountOf = ({ driver }: Pick<Hire, "driver">): string => driver;

/** Until when the account that this hire would use is limited; undefined = it is not, as far as its agents know. */
export function limitOf({ agents }: State, hire: Pick<Hire, "driver">): Millis | undefined {
  const times = Object.values(agents)
    .filter((agent: Agent) => isAlive(agent) && accountOf(agent.hire) === accountOf(hire))
    .flatMap(({ limit }) => (limit ? [limit.until] : []));
  return times.length > 0 ? Math.max(...times) : undefined;
}
