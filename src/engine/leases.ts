import type { AgentId } from "../core/ids.ts";

/** Who types into a terminal, one at a time: delivery, controls, and keys from viewers. */
export class Leases {
  private readonly tails = new Map<AgentId, Promise<void>>();

  /** Resolves with the way to give it back, in order of asking. */
  async take(agent: AgentId): Promise<() => void> {
    const before = this.tails.get(agent);
    let release: () => void = () => {};
    const mine = new Promise<void>((done) => {
      release = done;
    });
    const tail = (before ?? Promise.resolve()).then(() => mine);
    this.tails.set(agent, tail);
    await before;
    return () => {
      release();
      if (this.tails.get(agent) === tail) this.tails.delete(agent);
    };
  }
}
