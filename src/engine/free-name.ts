import type { TeamName } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import type { State } from "../core/state.ts";

/** One running team to a name, and to a repository: they would share its mailbox. A name is also one of a tmux session (P5). */
export function requireFree({ teams, agents }: State, team: TeamName, repo: string): void {
  const running = Object.values(teams).filter((one) => !one.stopped);
  const other = running.find((one) => one.repo === repo) ?? running.find((one) => one.name === team);
  if (other) {
    const rename = other.repo === repo ? "" : "muster run --session NAME takes another name; ";
    const hint = `${rename}muster attach ${other.name}, or muster stop ${other.name}`;
    throw new Refusal("state", `team ${other.name} is running in ${other.repo}`, hint);
  }
  const agent = Object.hasOwn(agents, team) ? agents[team] : undefined;
  if (agent && !agent.dismissed)
    throw new Refusal("state", `${team} is the name of an agent`, "muster run --session NAME takes another name");
}
