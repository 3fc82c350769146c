import type { Command } from "../../core/commands.ts";
import type { Programs } from "../../core/errands/port.ts";
import type { Principal, Seq } from "../../core/ids.ts";
import type { Clock } from "../../core/ports.ts";
import type { State, Team } from "../../core/state.ts";

/** What errands need of the world. */
export interface ErrandsWorld {
  clock: Pick<Clock, "now">;
  state(): State;
  dispatch(command: Command, by: Principal): void;
  programs: Programs;
  /** The text beside a fact; empty when there is none. */
  body(seq: Seq): string;
  /** What a driver's program gets of the environment in which its team was started; nothing of Muster's own. */
  environment(team: Team, driver: string): Record<string, string>;
  /** The person's own program for a driver, as they named it when the team was started; absent = the driver's. */
  program(team: Team, driver: string): string | undefined;
  /** Why this driver may not start in this folder: a person has not agreed to what the repository brings. null = it may. */
  obstacle(driver: string, cwd: string): Promise<string | null>;
  /** How Muster itself is started. */
  muster: string[];
  /** A file as somebody else wrote it; null = it is not there, or no text. */
  read(path: string): Promise<string | null>;
  /** Takes what the Foreman wrote away into the folder of its run, or finds it there; null = it wrote nothing. */
  takeForemanLetter(repo: string, folder: string): Promise<string | null>;
  /** Replaces `.muster/state/foreman.json`. */
  writeForemanState(repo: string, record: Record<string, unknown>): Promise<void>;
  /** A time of day, as people here say it. */
  timeOfDay(at: number): string;
}
