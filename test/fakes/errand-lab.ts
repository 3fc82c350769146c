import type { ProgramEnd, ProgramOrder, Programs } from "../../src/core/errands/port.ts";
import type { SettingsChanges } from "../../src/core/settings/settings.ts";
import { ErrandDesk } from "../../src/engine/errands/desk.ts";
import { ForemanReactor } from "../../src/engine/errands/foreman.ts";
import { ErrandReactor } from "../../src/engine/errands/reactor.ts";
import { errandRules } from "../../src/engine/errands/rules.ts";
import type { ErrandsWorld } from "../../src/engine/errands/world.ts";
import type { Reactor } from "../../src/engine/reactor.ts";
import { settle } from "./clock.ts";
import { PairHouse } from "./pair-house.ts";

/** A program that runs until the test ends it. */
export interface FakeRun extends ProgramOrder {
  end(how?: Partial<ProgramEnd>): Promise<void>;
}

export const WITH_AUX: SettingsChanges = { cli_profiles: { roles: { aux: { actor: "gemini" } } } };
export const WITH_FOREMAN: SettingsChanges = { foreman: { enabled: true, agent: "claude" } };

/** A pair whose Aux and Foreman are started by nobody: the test plays their programs. */
export class ErrandLab {
  readonly house: PairHouse;
  readonly runs: FakeRun[] = [];
  readonly opened: { folder: string; files: Record<string, string> }[] = [];
  readonly orphans: string[] = [];
  /** Files that the world has. */
  readonly files: Record<string, string> = { "/r/FOREMAN_TASK.md": "Look after the build." };
  /** Programs that the person named, by driver. */
  readonly programNames: Record<string, string> = {};
  /** Thrown where a folder is opened. */
  full: Error | null = null;
  /** Why a driver may not start in a folder, by both. */
  readonly obstacles: Record<string, string> = {};
  readonly states: Record<string, unknown>[] = [];
  /** What the Foreman wrote; an Error is thrown. */
  letter: string | Error | null = null;
  readonly world: ErrandsWorld;
  readonly desk: ErrandDesk;
  errands: ErrandReactor;
  private count = 0;

  constructor(changes: SettingsChanges = {}, isSolo = false, more: Reactor<never>[] = []) {
    this.house = new PairHouse({ isSolo, changes, rules: errandRules });
    const { house } = this;
    this.world = {
      clock: house.clock,
      state: () => house.state,
      dispatch: (command, by) => void house.dispatch(command, by),
      programs: this.programs(),
      body: (seq) => house.log.body(seq) ?? "",
      environment: (team, driver) => ({ PATH: "/bin", TEAM: team.name, DRIVER: driver }),
      program: (_, driver) => this.programNames[driver],
      obstacle: async (driver, cwd) => this.obstacles[`${driver} ${cwd}`] ?? null,
      muster: ["muster"],
      read: async (path) => this.files[path] ?? null,
      takeForemanLetter: async () => {
        const { letter } = this;
        this.letter = null;
        if (letter instanceof Error) throw letter;
        return letter;
      },
      writeForemanState: async (_, record) => void this.states.push(record),
      timeOfDay: (at) => `T+${Math.round((at - house.team.formedAt) / 1000)}`,
    };
    this.desk = new ErrandDesk(this.world, { hex: () => (this.count++).toString(16).padStart(6, "0") });
    this.errands = new ErrandReactor(this.world);
    house.run(this.errands as never, new ForemanReactor(this.world) as never, ...more);
  }

  /** The newest run. */
  get last(): FakeRun {
    const run = this.runs.at(-1);
    if (!run) throw new Error("nothing runs");
    return run;
  }

  pass = (seconds: number): Promise<void> => this.house.clock.pass(seconds * 1000);

  private programs(): Programs {
    return {
      open: async (repo, kind, name, files) => {
        if (this.full) throw this.full;
        const folder = `${repo}/.muster/work/${kind}/${name}`;
        this.opened.push({ folder, files });
        return folder;
      },
      run: (order) =>
        new Promise((done) => {
          const ended = (how: Partial<ProgramEnd>) => done({ code: 0, end: "own", stdout: "", problem: "", ...how });
          order.signal.addEventListener("abort", () => ended({ code: null, end: "stopped" }));
          this.runs.push({
            ...order,
            end: async (how = {}) => {
              ended(how);
              await settle();
            },
          });
          order.started?.(4711);
        }),
      endOrphan: async (folder) => void this.orphans.push(folder),
    };
  }
}
