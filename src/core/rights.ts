import type { Command } from "./commands.ts";
import { addressOf, type Principal } from "./ids.ts";
import { Refusal } from "./refusal.ts";
import type { State } from "./state.ts";

/** May an agent ask this for itself? Everything that is not listed needs a person (law 4). */
function agentMay(state: State, agent: string, command: Command): boolean {
  if (command.do === "send") return command.letter.from === agent && command.letter.kind === "letter";
  if (command.do === "submit") {
    const seats = state.teams[command.patch.team]?.seats ?? [];
    return command.patch.author === agent && seats.some((seat) => seat.agent === agent);
  }
  if (command.do === "sign") {
    const { team } = state.rfds[command.rfd] ?? {};
    return (state.teams[team ?? ""]?.seats ?? []).some((seat) => seat.agent === agent);
  }
  return false;
}

/** Throws unless `by` may send this command. The daemon alone may report what it observed. */
export function requireRight(state: State, command: Command, by: Principal): void {
  if (by.kind === "daemon") return;
  if (command.do === "observe") throw new Refusal("forbidden", "only the daemon reports what it observed");
  if (by.kind === "person" || agentMay(state, by.agent, command)) return;
  throw new Refusal("forbidden", `agent ${addressOf(by)} may not ${command.do}`, "ask the person who runs the team");
}
