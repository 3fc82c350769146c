import type { Command } from "./commands.ts";
import { configOf } from "./config/state.ts";
import type { Hire, Permission } from "./facts.ts";
import { type AgentId, addressOf, isLead, type Principal } from "./ids.ts";
import type { TaskOrder } from "./queue/facts.ts";
import { Refusal } from "./refusal.ts";
import type { State } from "./state.ts";
import { modeNamed } from "./triggers/decide.ts";

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

const LEVELS: Permission[] = ["read-only", "workspace-write", "danger-full-access"];

/** No program of its own choice: it would run outside of every sandbox. The stand-in runs what its script says. */
function mayHire(lead: AgentId, own: Hire | undefined, { parent, permission, command, driver }: Hire): boolean {
  const isKnown = command === undefined && (driver !== "standin" || own?.driver === "standin");
  return parent === lead && isKnown && LEVELS.indexOf(permission) <= LEVELS.indexOf(own?.permission ?? "read-only");
}

const mayQueue = (lead: AgentId, own: Hire | undefined, order: TaskOrder): boolean => {
  const { permission = "workspace-write", driver = "" } = order;
  return mayHire(lead, own, { ...{ agent: "", cwd: "", parent: lead }, permission, driver });
};

/** A lead commands those whom it started, and none with more rights than its own (security S15). */
function leadMay(state: State, lead: AgentId, command: Command): boolean {
  const { mayAutomate } = configOf(state);
  const isOwn = (agent: string): boolean => state.agents[agent]?.hire.parent === lead;
  const own = state.agents[lead]?.hire;
  switch (command.do) {
    case "note":
    case "conclude":
    case "retry":
      return true;
    case "enqueue":
      return !command.order.isDirect || mayQueue(lead, own, command.order);
    case "start":
      return mayHire(lead, own, command.hire);
    case "trigger":
      return mayAutomate || (command.trigger.autonomy === "confirm" && !command.isEdit);
    case "limit":
      return mayAutomate;
    case "mode":
      return (
        command.act === "activate" &&
        (mayAutomate || modeNamed(state, command.name).triggers.every(({ autonomy }) => autonomy === "confirm"))
      );
    case "send":
      return command.letter.from === lead && command.letter.kind === "letter";
    case "kill":
      return isOwn(command.agent);
    case "control":
      return isOwn(command.agent);
    default:
      return false;
  }
}

/** Throws unless `by` may send this command. The daemon alone may report what it observed. */
export function requireRight(state: State, command: Command, by: Principal): void {
  if (by.kind === "daemon") return;
  if (command.do === "observe") throw new Refusal("forbidden", "only the daemon reports what it observed");
  if (by.kind === "person" || agentMay(state, by.agent, command)) return;
  if (isLead(by.agent) && leadMay(state, by.agent, command)) return;
  throw new Refusal("forbidden", `agent ${addressOf(by)} may not ${command.do}`, "ask the person who runs the team");
}
