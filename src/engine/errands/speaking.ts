import { type Command, observe } from "../../core/commands.ts";
import type { Errand } from "../../core/errands/errands-state.ts";
import type { ForemanMessage } from "../../core/errands/message.ts";
import { type AgentId, type Mid, SYSTEM, USER } from "../../core/ids.ts";
import { printOf } from "../../core/letter/gist.ts";
import { addressName, type State, type Team } from "../../core/state.ts";
import { preview } from "../../core/text.ts";

/** Letters of a copy in a chat. */
const COPY = 200;

/** The same run and member give the same id: said again after a crash, it changes nothing. */
const midFor = ({ id, at }: Errand, to: string): Mid =>
  `foreman-${Math.floor(at / 1000)}-${printOf(`${id} ${to}`).slice(0, 6)}`;

/** Members it is for who still work. Alone, PeerA gets what was meant for PeerB. */
function recipients(state: State, team: Team, { to }: ForemanMessage): AgentId[] {
  const wanted = team.seats.filter(({ seat }) => to.length === 0 || to.includes(seat));
  const seats = wanted.length > 0 ? wanted : team.seats;
  return seats.map(({ agent }) => agent).filter((agent) => state.agents[agent]?.dismissed === undefined);
}

/** What the Foreman wrote, as letters of the user, and a copy for the user where both want one (3.15). */
export function speak(state: State, team: Team, errand: Errand, message: ForemanMessage): Command[] {
  const to = recipients(state, team, message);
  const about = { team: team.name, errand: errand.id } as const;
  if (to.length === 0) return [observe({ type: "foreman.misspoke", ...about, reason: "nobody is there to read it" })];
  const mids = to.map((agent) => midFor(errand, agent));
  if (mids.every((mid) => state.accepted[mid])) return [];
  const isCc = message.isCc && team.settings.foreman.cc_user && team.switches.verbose !== false;
  const letters = to.map((agent, n): Command => {
    const mid = mids[n] ?? "";
    return { do: "send", letter: { mid, from: USER, to: agent, kind: "letter", text: message.text, team: team.name } };
  });
  const copies = to.map((agent): Command => {
    const text = `[FOREMAN→${addressName(state, agent)}] ${preview(message.text, COPY)}`;
    const mid = midFor(errand, `${agent} cc`);
    return { do: "send", letter: { mid, from: SYSTEM, to: USER, kind: "system", text, team: team.name } };
  });
  const spoke = observe({ type: "foreman.spoke", ...about, to, isCc, mids, preview: preview(message.text) });
  return [...letters, ...(isCc ? copies : []), spoke];
}
