import type { CommandOf } from "./commands.ts";
import type { Fact } from "./facts.ts";
import { addressOf, type Principal } from "./ids.ts";
import { Refusal } from "./refusal.ts";
import type { Rfd } from "./rfd/state.ts";
import { addressName, isOpen, type State, type Team } from "./state.ts";

/** A team that runs, or a Refusal that lists those there are. */
export function requireTeam(state: State, name: string): Team {
  const team = state.teams[name];
  const known = Object.values(state.teams).filter(({ stopped }) => !stopped);
  if (!team) {
    const names = known.map((one) => one.name).join(", ");
    throw new Refusal("missing", `no team ${name}`, names ? `teams: ${names}` : "muster run starts one");
  }
  if (team.stopped) throw new Refusal("state", `team ${name} has ended`, "muster run starts it again");
  return team;
}

export const pause = (state: State, { team: name }: CommandOf<"pause">): Fact[] =>
  requireTeam(state, name).paused ? [] : [{ type: "team.paused", team: name }];

/** A pause ends, and so does a hold for want of evidence: a person has looked (P33, P35). */
export function resume(state: State, { team: name }: CommandOf<"resume">): Fact[] {
  const { paused } = requireTeam(state, name);
  const damped = Object.values(state.messages).filter(
    (message) => message.team === name && isOpen(message) && message.held?.rule === "damping",
  );
  if (!paused && damped.length === 0) return [];
  return [{ type: "team.resumed", team: name }, ...damped.map(({ mid }): Fact => ({ type: "message.released", mid }))];
}

export function restart(state: State, { agent: id, changes }: CommandOf<"restart">): Fact[] {
  const agent = state.agents[id];
  if (!agent || agent.dismissed) throw new Refusal("missing", `no agent ${id} works`, "muster status lists them");
  if (agent.hire.team === undefined)
    throw new Refusal("state", `agent ${id} is in no team`, "only members of teams are started again");
  return agent.isRestarting ? [] : [{ type: "agent.restarted", agent: id, changes }];
}

export const tune = (state: State, { team: name, switch: which, isOn }: CommandOf<"tune">): Fact[] =>
  requireTeam(state, name).switches[which] === isOn ? [] : [{ type: "team.tuned", team: name, switch: which, isOn }];

export const focus = (state: State, { team, hint }: CommandOf<"focus">): Fact[] => {
  requireTeam(state, team);
  return [{ type: "team.focused", team, hint }];
};

export const ask = (state: State, { team, agent, beat }: CommandOf<"ask">): Fact[] => {
  requireTeam(state, team);
  return [{ type: "cadence.asked", team, agent, beat }];
};

export function release(state: State, { mid }: CommandOf<"release">): Fact[] {
  const message = state.messages[mid];
  if (!message) throw new Refusal("missing", `no message ${mid}`, "/queue lists what is held");
  if (!message.held || !isOpen(message))
    throw new Refusal("state", `message ${mid} is not held (${message.state})`, `muster why ${mid}`);
  return [{ type: "message.released", mid }];
}

/** Who must have signed so that the card opens what it asks for: every peer, then the person where the team wants that. */
export function missingSignatures(state: State, rfd: Rfd): string[] {
  const team = state.teams[rfd.team];
  const seats = team?.seats.map(({ agent }) => agent) ?? [];
  const isSolo = seats.length < 2;
  const needed = team?.settings.policies.rfd.user_approval !== false || isSolo ? [...seats, "user"] : seats;
  return needed.filter((who) => !rfd.signatures.some(({ by, decision }) => by === who && decision === "approve"));
}

function requireOpen(state: State, id: string): Rfd {
  const rfd = state.rfds[id];
  if (!rfd) {
    const open = Object.values(state.rfds).filter(({ decided }) => !decided);
    throw new Refusal("missing", `no request ${id}`, `open: ${open.map((one) => one.id).join(", ") || "none"}`);
  }
  if (!rfd.decided) return rfd;
  const { decision, by, at } = rfd.decided;
  const what = decision === "expired" ? "expired" : `already decided by ${addressName(state, by)}`;
  throw new Refusal("state", `${id}: ${what} at ${new Date(at).toISOString()} (${decision})`, "open a new one");
}

/** One signature; the last one that is needed decides, and so does any rejection. */
export function sign(state: State, command: CommandOf<"sign">, principal: Principal): Fact[] {
  const { rfd: id, decision, reason, channel, sha, agent } = command;
  const rfd = requireOpen(state, id);
  const by = principal.kind === "daemon" && agent !== undefined ? agent : addressOf(principal);
  const seats = state.teams[rfd.team]?.seats ?? [];
  if (agent !== undefined && !seats.some((seat) => seat.agent === agent))
    throw new Refusal("forbidden", `rfd-invalid: ${id} is another team's`, "sign your own team's requests");
  if (sha !== undefined && !rfd.sha?.startsWith(sha))
    throw new Refusal(
      "state",
      `rfd-invalid: ${id} is about patch ${rfd.sha?.slice(0, 8) ?? "none"}, not ${sha}`,
      "sign what it is about",
    );
  if (rfd.signatures.some((signature) => signature.by === by))
    throw new Refusal("state", `rfd-invalid: ${addressName(state, by)} has signed ${id} before`, "one signature each");
  const signed: Fact = { type: "rfd.signed", rfd: id, signer: by, decision, reason: reason ?? "", channel };
  if (decision === "reject") return [signed, { type: "rfd.decided", rfd: id, decision, decider: by, channel }];
  const missing = missingSignatures(state, rfd).filter((who) => who !== by);
  return missing.length > 0 ? [signed] : [signed, { type: "rfd.decided", rfd: id, decision, decider: by, channel }];
}

export function question(state: State, { rfd: id, channel }: CommandOf<"question">, principal: Principal): Fact[] {
  requireOpen(state, id);
  return [{ type: "rfd.questioned", rfd: id, asker: addressOf(principal), channel }];
}
