import { computed, signal } from "@preact/signals";
import { missingSignatures } from "../core/decide-team.ts";
import { USER } from "../core/ids.ts";
import { agentState } from "../core/job-state.ts";
import type { Agent, Team } from "../core/state.ts";
import { shown, state } from "./store.ts";

/** What a person chose to see, as the address says it: `#/agents/ID`, `#/teams/NAME`. */
interface Choice {
  kind: "agents" | "teams";
  id: string;
}

function choiceIn(hash: string): Choice | null {
  const [, kind, id = ""] = /^#\/(agents|teams)\/(.+)$/.exec(hash) ?? [];
  try {
    return kind === "agents" || kind === "teams" ? { kind, id: decodeURIComponent(id) } : null;
  } catch {
    return null;
  }
}

const chosen = signal<Choice | null>(choiceIn(location.hash));

/** Shows what the address names now. */
export function readAddress(): void {
  chosen.value = choiceIn(location.hash) ?? chosen.value;
}

const isGone = (agent: Agent): boolean => agent.dismissed !== undefined;

/** The team that is shown: the chosen one; without any choice the newest that runs. */
export const selectedTeam = computed<Team | null>(() => {
  const of = state.value;
  if (!of) return null;
  const { kind, id } = chosen.value ?? {};
  if (kind === "teams" && Object.hasOwn(of.teams, id ?? "")) return of.teams[id ?? ""] ?? null;
  if (kind === "agents" && Object.hasOwn(of.agents, id ?? "")) return null;
  return Object.values(of.teams).findLast(({ stopped }) => stopped === undefined) ?? null;
});

/** The agent whose terminal is shown: the chosen one, else the newest that lives; null while a team is shown. */
export const selected = computed<Agent | null>(() => {
  if (selectedTeam.value) return null;
  const all = state.value?.agents ?? {};
  const agents = Object.values(all);
  const { kind, id = "" } = chosen.value ?? {};
  if (kind === "agents" && Object.hasOwn(all, id)) return all[id] ?? null;
  return agents.findLast((agent) => !isGone(agent)) ?? agents.at(-1) ?? null;
});

function choose(choice: Choice): void {
  chosen.value = choice;
  shown.value = "terminal";
  history.replaceState(null, "", `#/${choice.kind}/${encodeURIComponent(choice.id)}`);
}

export const select = (agent: string): void => choose({ kind: "agents", id: agent });
export const selectTeam = (team: string): void => choose({ kind: "teams", id: team });

/** The element in which a decision stands. */
export const cardId = (rfd: string): string => `decision-${rfd}`;

/** Shows a decision, wherever its team's page is scrolled to. */
function leadTo(team: string, rfd: string): void {
  selectTeam(team);
  // Once it is drawn.
  setTimeout(() => document.getElementById(cardId(rfd))?.focus());
}

/** Something that waits for a person, and the way there. */
export interface Call {
  since: number;
  lead(): void;
}

/** Agents that ask, and decisions without the person's signature; those first that wait longest. */
export const calling = computed<Call[]>(() => {
  const of = state.value;
  if (!of) return [];
  const asking = Object.values(of.agents)
    .filter((agent) => !isGone(agent) && agentState(of, agent) === "needs_user")
    .map(({ since, hire }): Call => ({ since, lead: () => select(hire.agent) }));
  const open = Object.values(of.rfds)
    .filter((rfd) => !rfd.decided && of.teams[rfd.team]?.stopped === undefined)
    .filter((rfd) => missingSignatures(of, rfd).includes(USER))
    .map(({ id, at, team }): Call => ({ since: at, lead: () => leadTo(team, id) }));
  return [...asking, ...open].sort((a, b) => a.since - b.since);
});
