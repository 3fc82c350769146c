import { type Command, observe } from "../../core/commands.ts";
import { foremanDue, foremanIn, isForemanOn } from "../../core/errands/roles.ts";
import { foremanOutlook } from "../../core/errands/texts.ts";
import type { Address, Millis, TeamName } from "../../core/ids.ts";
import { SYSTEM } from "../../core/ids.ts";
import { printOf } from "../../core/letter/gist.ts";
import type { State, Team } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";
import { rulesOf } from "../system/place.ts";
import { orderOf } from "../system/reactor.ts";
import { rulebook } from "../system/texts.ts";
import { foremanRecord } from "./record.ts";
import type { ErrandsWorld } from "./world.ts";

const RULES = "FOREMAN.md";

/** Where a team's Foreman reads what the user wants; relative paths are the repository's. */
export function briefPath({ repo, settings }: Team): string {
  const path = settings.foreman.prompt_path;
  return path.startsWith("/") ? path : `${repo}/${path.replace(/^(\.\/)+/, "")}`;
}

/** Its rules, three lines on how things stand, and its task; null = the task is not there (P63). */
export async function foremanPrompt(world: ErrandsWorld, team: Team): Promise<string | null> {
  const task = await world.read(briefPath(team));
  if (task === null || task.trim() === "") return null;
  const state = world.state();
  const own = await world.read(`${rulesOf(team.repo)}/${RULES}`);
  const rules = own ?? rulebook(orderOf(state, team))[RULES] ?? "";
  return `${rules.trim()}\n\n${foremanOutlook(state, team, world.clock.now())}\n\n${task.trim()}\n`;
}

/** A run to be made now; `due`: the time for which it is made, so that it is made once. */
export function foremanAsked(team: Team, due: Millis, asker: Address, prompt: string): Command {
  const errand = `foreman-${Math.floor(due / 1000)}-${printOf(`${team.name} ${due} ${asker}`).slice(0, 6)}`;
  const about = { errand, team: team.name, role: "foreman", asker } as const;
  return observe({ type: "errand.asked", ...about, preview: "one run", body: prompt });
}

/** Asks the Foreman when its time has come: one run at a time, none while the team is paused or its task is missing. */
export class ForemanReactor implements Reactor<Team> {
  readonly name = "foreman";
  /** What was written into each repository last. */
  private readonly written = new Map<TeamName, string>();

  constructor(private readonly world: ErrandsWorld) {}

  pending({ teams }: State): Map<TeamName, Team> {
    const running = Object.values(teams).filter((team) => !team.stopped && team.settings.foreman.enabled);
    return new Map(running.map((team) => [team.name, team]));
  }

  async perform({ name }: Team): Promise<Performed> {
    const team = this.world.state().teams[name];
    if (!team || team.stopped) return {};
    await this.record(team);
    const foreman = foremanIn(this.world.state(), name);
    if (!isForemanOn(team) || foreman.errand !== undefined) return {};
    const due = foremanDue(team, foreman);
    const wait = due - this.world.clock.now();
    if (wait > 0) return { again: wait };
    const skip = (reason: string, isWaiting: boolean) =>
      observe({ type: "foreman.skipped", team: name, due, reason, isWaiting });
    if (team.paused) return { commands: [skip("the team is paused", true)] };
    const prompt = await foremanPrompt(this.world, team);
    if (prompt === null) return { commands: [skip(`there is no brief: ${briefPath(team)}`, false)] };
    return { commands: [foremanAsked(team, due, SYSTEM, prompt)] };
  }

  private async record(team: Team): Promise<void> {
    const { state, clock, writeForemanState } = this.world;
    const now = state();
    // While a run is at work its own part writes the file: it knows the process.
    if (foremanIn(now, team.name).errand !== undefined) return;
    const record = foremanRecord(now, team, clock.now(), null);
    const text = JSON.stringify(record);
    if (this.written.get(team.name) === text) return;
    await writeForemanState(team.repo, record).catch(() => {});
    this.written.set(team.name, text);
  }
}
