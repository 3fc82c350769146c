import { type Command, observe } from "../../core/commands.ts";
import type { Event } from "../../core/facts.ts";
import { type AgentId, type TeamName, USER } from "../../core/ids.ts";
import type { State, Team } from "../../core/state.ts";
import type { TreeLook } from "../../core/tree-look.ts";
import type { Rule } from "../engine.ts";
import type { Performed, Reactor } from "../reactor.ts";
import { tell } from "../telling.ts";

export interface TreeWorld {
  state(): State;
  look(repo: string, since: string | undefined): Promise<TreeLook>;
}

interface Task {
  team: TeamName;
  agent: AgentId;
}

/**
 * Looks at a team's repository when a turn of a member ends: what changed there came through no patch (P52). A path is its whose
 * turn ended when it was first seen; of two who worked at the same time nobody can tell.
 */
export class TreeReactor implements Reactor<Task> {
  readonly name = "tree";
  /** Turns of each agent whose end was looked at. */
  private readonly seen = new Map<AgentId, number>();

  constructor(private readonly world: TreeWorld) {}

  pending(state: State): Map<AgentId, Task> {
    const tasks = new Map<AgentId, Task>();
    for (const team of Object.values(state.teams)) {
      if (team.stopped) continue;
      for (const { agent } of team.seats) {
        const turns = state.agents[agent]?.turns ?? 0;
        if (turns !== (this.seen.get(agent) ?? 0) || team.tree === undefined)
          tasks.set(agent, { team: team.name, agent });
      }
    }
    return tasks;
  }

  async perform({ team: name, agent }: Task): Promise<Performed> {
    const before = this.world.state();
    const team = before.teams[name];
    if (!team) return {};
    const turns = before.agents[agent]?.turns ?? 0;
    const { head, dirty, foreign } = await this.world.look(team.repo, team.tree?.head);
    this.seen.set(agent, turns);
    const known = new Map((team.tree?.unqueued ?? []).map((one) => [one.path, one.agent]));
    const author = team.tree === undefined || turns === 0 ? undefined : this.authorOf(this.world.state(), team, agent);
    // Muster itself writes the status of plans.
    const { dir } = team.settings.policies.blueprint;
    const isOurs = (path: string) => path.startsWith(`${dir}/`) && /(^|\/)(task|scope)\.yaml$/.test(path);
    const unqueued = dirty
      .filter((path) => !isOurs(path))
      .map((path) => {
        const of = known.has(path) ? known.get(path) : author;
        return of === undefined ? { path } : { path, agent: of };
      });
    return { commands: [observe({ type: "tree.seen", team: name, head, unqueued, commits: foreign })] };
  }

  private authorOf(state: State, team: Team, agent: AgentId): AgentId | undefined {
    const isShared = team.seats.some((seat) => seat.agent !== agent && state.agents[seat.agent]?.activity === "busy");
    return isShared ? undefined : agent;
  }
}

/** Where every change is to come through the patch line, a commit past it is told to everybody (P53). */
export const treeRules: Rule[] = [(state, event) => (event.type === "tree.seen" ? onSeen(state, event) : [])];

function onSeen(state: State, event: Event<"tree.seen">): Command[] {
  const { team: name, commits } = event;
  const team = state.teams[name];
  const isRequired = team?.settings.policies.patch_queue.mode === "required";
  if (!team || !isRequired || commits.length === 0) return [];
  const list = commits.map(({ id, subject }) => `${id.slice(0, 10)} ${subject}`).join("\n");
  const text = `Committed past the patch line, which this repository requires:\n${list}`;
  const recipients = [...team.seats.map(({ agent }) => agent), USER];
  return tell(event, name, recipients, text);
}
