import type { Environment } from "../core/environment.ts";
import type { Event, Hire } from "../core/facts.ts";
import { Refusal } from "../core/refusal.ts";
import { rebinding } from "../core/settings/rebinding.ts";
import { type Settings, settingsFrom } from "../core/settings/settings.ts";
import type { Team } from "../core/state.ts";
import { accountIn, driverFor, requireProgram } from "./operations.ts";
import type { Parts } from "./parts.ts";

/** Facts of a team that are looked through for its settings. */
const LOOKED = 10_000;

/** By which settings an agent's program was started last. */
function settingsThen({ log }: Parts, team: Team, agent: string): Settings {
  const restarted = log.about(agent, LOOKED).findLast(({ type }) => type === "agent.restarted")?.seq ?? 0;
  const loaded = log
    .about(team.name, LOOKED)
    .filter(
      (event): event is Event<"settings.loaded"> => event.type === "settings.loaded" && event.at >= team.formedAt,
    );
  const last = loaded.findLast(({ seq }) => seq < restarted) ?? loaded[0];
  return last ? settingsFrom(last.changes) : team.settings;
}

/** Another CLI has another login. */
const movedTo = (next: ReturnType<typeof driverFor>, env: Environment): Partial<Hire> => ({
  ...next,
  account: accountIn(next.driver, env),
});

/** What is different of a seat when its program is started again: what the settings bind differently since (P62). */
export async function bindingsNow(parts: Parts, team: Team, seat: string): Promise<Partial<Hire>> {
  const { engine, environments } = parts;
  const agent = team.seats.find((one) => one.seat === seat)?.agent ?? "";
  const { hire } = engine.state.agents[agent] ?? {};
  if (!hire) return {};
  const {
    actor,
    permission = hire.permission,
    command,
  } = rebinding(settingsThen(parts, team, agent), team.settings, seat);
  if (
    permission === "danger-full-access" &&
    permission !== hire.permission &&
    !engine.state.repositories[team.repo]?.isPermitted
  )
    throw new Refusal(
      "state",
      `${seat} would get full access, which nobody has allowed in ${team.repo} yet`,
      'muster run --accept "full access" allows it, once',
    );
  const moved = actor === undefined ? {} : movedTo(driverFor(actor, permission), environments.of(agent));
  if (actor === undefined) driverFor(hire.driver, permission);
  const changes: Partial<Hire> = { ...moved, permission, ...(command === undefined ? {} : { command }) };
  const next = { ...hire, ...changes, command: command ?? (actor === undefined ? hire.command : undefined) };
  requireProgram({ ...next, command: next.command || undefined }, environments.of(agent));
  return changes;
}
