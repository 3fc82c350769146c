import { observe } from "../../core/commands.ts";
import { DAEMON } from "../../core/ids.ts";
import type { Worktree, WorktreeLook } from "../../core/jobs/worktree.ts";
import { Refusal } from "../../core/refusal.ts";
import { type Agent, isAlive } from "../../core/state.ts";
import { preview } from "../../core/text.ts";
import { agentNamed } from "../agent-named.ts";
import type { Engine } from "../engine.ts";

/** Worktrees of agents, as git has them. */
export interface WorktreeShop {
  look(tree: Worktree): Promise<WorktreeLook>;
  /** Commits what is not committed; null = there was nothing. */
  save(tree: Worktree, why: string): Promise<string | null>;
  merge(tree: Worktree, message: string, isSquash: boolean): Promise<{ commit: string; branch: string }>;
  /** Saves and removes it; the branch that stays, or null. */
  close(tree: Worktree): Promise<string | null>;
}

/** Longest subject of a commit, in characters. */
const SUBJECT = 60;

export interface WorktreesWorld {
  engine: Engine;
  shop: WorktreeShop;
}

/** What a person does with the work of an agent that has a worktree. */
export class WorktreeDesk {
  constructor(private readonly world: WorktreesWorld) {}

  async look(given: string): Promise<WorktreeLook & { agent: string; branch: string }> {
    const { agent, tree } = this.find(given);
    return { agent: agent.hire.agent, branch: tree.branch, ...(await this.world.shop.look(tree)) };
  }

  /** What is not committed is committed first: nothing of the work stays behind. */
  async merge(given: string, isSquash: boolean): Promise<{ agent: string; commit: string; branch: string }> {
    const { engine, shop } = this.world;
    const { agent, tree } = this.find(given);
    const { agent: id } = agent.hire;
    if (isAlive(agent) && agent.activity === "busy")
      throw new Refusal("state", `agent ${id} works on it`, `muster wait ${id}, or muster kill ${id}`);
    const what = preview(engine.state.jobs[agent.job ?? ""]?.prompt ?? "its work", SUBJECT);
    await shop.save(tree, `${what}\n\nNot committed by agent ${id} itself.`);
    const merged = await shop.merge(tree, isSquash ? what : `Merge ${tree.branch}: ${what}`, isSquash);
    engine.dispatch(observe({ type: "worktree.merged", agent: id, ...merged }), DAEMON);
    return { agent: id, ...merged };
  }

  /** Removes a worktree whose agent has ended; what nobody merged needs `isForced`, and stays on its branch even so. */
  async discard(given: string, isForced: boolean): Promise<{ agent: string; kept: string | null }> {
    const { engine, shop } = this.world;
    const { agent, tree } = this.find(given);
    const { agent: id } = agent.hire;
    if (isAlive(agent)) throw new Refusal("state", `agent ${id} is still there`, `muster kill ${id} ends it`);
    if (!isForced) {
      const { commits, dirty } = await shop.look(tree);
      if (commits + dirty.length > 0)
        throw new Refusal(
          "state",
          `${commits} commits and ${dirty.length} changed files of ${id} may be merged by nobody`,
          `muster merge ${id}, or muster discard ${id} --force: they stay on ${tree.branch}`,
        );
    }
    const kept = await shop.close(tree);
    engine.dispatch(observe({ type: "worktree.closed", agent: id, kept: kept ?? undefined }), DAEMON);
    return { agent: id, kept };
  }

  private find(given: string): { agent: Agent; tree: Worktree } {
    const agent = agentNamed(this.world.engine.state, given);
    const { worktree, agent: id } = agent.hire;
    if (worktree) return { agent, tree: worktree };
    throw new Refusal("state", `agent ${id} has no worktree`, "muster start --worktree gives it one");
  }
}
