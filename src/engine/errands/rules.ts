import type { Command } from "../../core/commands.ts";
import { rcOf } from "../../core/errands/errands-state.ts";
import { auxActor } from "../../core/errands/roles.ts";
import type { Event } from "../../core/facts.ts";
import { USER } from "../../core/ids.ts";
import type { State } from "../../core/state.ts";
import { span } from "../../core/team-status.ts";
import type { Rule } from "../engine.ts";
import { tell } from "../telling.ts";

/** Whoever asked, if they still work; else the user. */
const readerOf = ({ agents }: State, asker: string): string =>
  agents[asker] && !agents[asker].dismissed ? asker : USER;

/** The answer goes to whoever asked: they review it, and own what it proves. */
function onEnded(state: State, event: Event<"errand.ended">): Command[] {
  const errand = state.errands.all[event.errand];
  const team = state.teams[event.team];
  if (!errand || !team || errand.role !== "aux") return [];
  const { code, reason, body, at } = event;
  const { startedAt = at, folder, asker, preview } = errand;
  const rc = rcOf(code, reason);
  const why = reason === "" || reason === rc ? "" : `: ${reason}`;
  const head = `Aux (${auxActor(team.settings) ?? "none"}) on "${preview}" ended after ${span(at - startedAt)}, rc=${rc}${why}`;
  const said = body.trim() === "" ? "It printed nothing." : `What it said:\n${body.trim()}`;
  const where = folder === undefined ? "" : `\nAll of it: ${folder}`;
  return tell(event, team.name, [readerOf(state, asker)], `${head}\n${said}${where}`);
}

export const errandRules: Rule[] = [
  (state, event) => {
    if (event.type === "errand.ended") return onEnded(state, event);
    if (event.type !== "errand.refused" || event.isTold) return [];
    return tell(event, event.team, [readerOf(state, event.asker)], `Aux was not asked: ${event.reason}`);
  },
];
