import { Refusal } from "../core/refusal.ts";
import { Console, type Errands } from "../engine/console/console.ts";
import { bindingsNow } from "./bindings.ts";
import { timeOfDay } from "./errands.ts";
import type { Parts } from "./parts.ts";

/** What carries out the lines of consoles, of the page and of chats. */
export function consoleOf(parts: Parts, errands: Errands): Console {
  const { engine, clock, random, leases, terminals } = parts;
  return new Console({
    engine,
    clock,
    random,
    errands,
    timeOfDay,
    bindings: (team, seat) => bindingsNow(parts, team, seat),
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
