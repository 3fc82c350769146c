import { computed, signal } from "@preact/signals";
import { hashOf } from "../core/page-address.ts";
import type { Agent, Team } from "../core/state.ts";
import { byAge } from "./ages.ts";
import { type Address, addressIn, type PlaceId } from "./places.ts";
import { shown, state } from "./store.ts";

/** Where somebody is, as the address says it. */
export const address = signal<Address>(addressIn(location.hash));

/** Does an address name one thing? Of three parts a narrow screen shows that one. */
const namesOne = ({ place, id }: Address): boolean => id !== "" || place === "teams";

if (namesOne(address.value)) shown.value = "terminal";

/** Shows what the address names now. */
export function readAddress(): void {
  const next = addressIn(location.hash);
  if (namesOne(next) && hashOf(next) !== hashOf(address.value)) shown.value = "terminal";
  address.value = next;
}

/** Goes somewhere; the browser's way back leads here again. */
export function go(place: PlaceId, id = ""): void {
  const next = { place, id };
  if (hashOf(next) !== hashOf(address.value)) history.pushState(null, "", hashOf(next));
  if (namesOne(next)) shown.value = "terminal";
  address.value = next;
}

const isGone = (agent: Agent): boolean => agent.dismissed !== undefined;

/** The team that is shown: the chosen one; where teams are shown without a choice, the newest that runs. */
export const selectedTeam = computed<Team | null>(() => {
  const of = state.value;
  const { place, id } = address.value;
  if (!of || place !== "teams") return null;
  if (Object.hasOwn(of.teams, id)) return of.teams[id] ?? null;
  const all = Object.values(of.teams);
  return all.findLast(({ stopped }) => stopped === undefined) ?? all.at(-1) ?? null;
});

/** The agent whose terminal is shown: the chosen one, else the newest that lives; null where no agent is shown. */
export const selected = computed<Agent | null>(() => {
  const { place, id } = address.value;
  if (place !== "agents" || !state.value) return null;
  const all = state.value.agents;
  if (Object.hasOwn(all, id)) return all[id] ?? null;
  const agents = byAge(all);
  return agents.findLast((agent) => !isGone(agent)) ?? agents.at(-1) ?? null;
});

export const select = (agent: string): void => go("agents", agent);
export const selectTeam = (team: string): void => go("teams", team);

/** The element in which a decision stands. */
export const cardId = (rfd: string): string => `decision-${rfd}`;

/** Shows a decision, wherever its team's page is scrolled to. */
export function leadTo(team: string, rfd: string): void {
  selectTeam(team);
  // Once it is drawn.
  setTimeout(() => document.getElementById(cardId(rfd))?.focus());
}
