import { Refusal } from "../core/refusal.ts";
import { Console, type Errands } from "../engine/console/console.ts";
import type { Parts } from "./parts.ts";

/** Nobody is bound to run errands. */
const NO_ERRANDS: Errands = {
  foreman: async () => {
    throw new Refusal("state", "Foreman was not enabled at start", "choose an agent with muster run");
  },
  aux: async () => {
    throw new Refusal("state", "no Aux driver", "choose one at next muster run");
  },
  review: async () => {
    throw new Refusal("state", "no Aux driver", "choose one at next muster run");
  },
};

/** What carries out the lines of consoles, of the page and of chats. */
export function consoleOf(parts: Parts): Console {
  const { engine, clock, random, leases, terminals } = parts;
  return new Console({
    engine,
    clock,
    random,
    errands: NO_ERRANDS,
    bindings: async () => ({}),
    type: async (agent, text) => {
      const { pane } = engine.state.agents[agent] ?? {};
      if (pane === undefined) throw new Refusal("state", `agent ${agent} has no terminal`, "muster status says why");
      const release = await leases.take(agent);
      try {
        await terminals.press(pane, [{ text }, { key: "Enter" }]);
      } finally {
        release();
      }
    },
  });
}
