import { type Command, observe } from "../../core/commands.ts";
import { type Errand, isOver } from "../../core/errands/errands-state.ts";
import { type Invocation, invocation } from "../../core/errands/invocation.ts";
import { foremanMessage } from "../../core/errands/message.ts";
import type { ProgramEnd } from "../../core/errands/port.ts";
import { auxActor, foremanActor } from "../../core/errands/roles.ts";
import { ends, stampOf } from "../../core/errands/texts.ts";
import { DAEMON } from "../../core/ids.ts";
import { FULL_ACCESS } from "../../core/premises.ts";
import { Refusal } from "../../core/refusal.ts";
import { driverIn, levelOf } from "../../core/settings/bindings.ts";
import type { State, Team } from "../../core/state.ts";
import { preview } from "../../core/text.ts";
import type { Performed, Reactor } from "../reactor.ts";
import { foremanRecord } from "./record.ts";
import { speak } from "./speaking.ts";
import type { ErrandsWorld } from "./world.ts";

/** What is started for an errand. */
interface Run {
  invocation: Invocation;
  driver: string;
  cwd: string;
  limitMs: number;
}

interface Ending {
  code: number | null;
  reason: string;
  stdout: string;
}

const ALLOW = `muster run --accept "${FULL_ACCESS}" allows it, once`;

const failed = (reason: string): Ending => ({ code: null, reason, stdout: "" });

/** Why a program ended that did not end by itself. */
const REASONS: Record<ProgramEnd["end"], string> = { own: "", timeout: "timeout", stopped: "interrupted", missing: "" };

/**
 * Runs each errand once, beside everything else: deliveries never wait for it. One that a dead daemon had started is not
 * started again; what is left of its program is ended.
 */
export class ErrandReactor implements Reactor<Errand> {
  readonly name = "errand";
  private readonly running = new Map<string, AbortController>();

  constructor(private readonly world: ErrandsWorld) {}

  pending({ errands }: State): Map<string, Errand> {
    return new Map(
      Object.values(errands.all)
        .filter((errand) => !isOver(errand))
        .map((errand) => [errand.id, errand]),
    );
  }

  /** Ends what runs for a team that has stopped. */
  stop(name: string): void {
    const { all } = this.world.state().errands;
    for (const [id, stopping] of this.running) if (all[id]?.team === name) stopping.abort();
  }

  async perform({ id }: Errand, signal: AbortSignal): Promise<Performed> {
    const errand = this.world.state().errands.all[id];
    const team = this.world.state().teams[errand?.team ?? ""];
    if (!errand || !team || isOver(errand)) return {};
    if (errand.startedAt !== undefined) return this.recover(team, errand);
    if (team.stopped) return { commands: this.ended(errand, failed("the team has ended")) };
    const stopping = new AbortController();
    this.running.set(id, stopping);
    try {
      return await this.run(team, errand, AbortSignal.any([signal, stopping.signal]));
    } finally {
      this.running.delete(id);
    }
  }

  private async recover(team: Team, errand: Errand): Promise<Performed> {
    const { folder = "" } = errand;
    await this.world.programs.endOrphan(folder);
    return this.finish(team, errand, folder, failed("interrupted"));
  }

  private async run(team: Team, errand: Errand, signal: AbortSignal): Promise<Performed> {
    const { world } = this;
    const prompt = world.body(errand.seq);
    let run: Run;
    try {
      run = this.runOf(team, errand, prompt);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { commands: this.ended(errand, failed(`${error.message}; ${error.hint}`)) };
    }
    const obstacle = await world.obstacle(run.driver, run.cwd);
    if (obstacle !== null) return { commands: this.ended(errand, failed(obstacle)) };
    const files = { "prompt.txt": prompt };
    const opened = await world.programs
      .open(team.repo, errand.role, stampOf(world.clock.now()), files)
      .catch((error: unknown) => {
        if (error instanceof Refusal) return error;
        throw error;
      });
    if (opened instanceof Refusal) return { commands: this.ended(errand, failed(`${opened.message}; ${opened.hint}`)) };
    const folder = opened;
    // Intent first: whatever happens from here on, it is not started a second time.
    world.dispatch(observe({ type: "errand.started", errand: errand.id, team: team.name, folder }), DAEMON);
    const ended = await world.programs.run({
      ...run.invocation,
      cwd: run.cwd,
      env: world.environment(team, run.driver),
      folder,
      limitMs: run.limitMs,
      signal,
      started: (pid) => void this.record(team, pid),
    });
    const reason = ended.end === "missing" ? `driver ${run.driver}: ${ended.problem}` : REASONS[ended.end];
    return this.finish(team, errand, folder, { code: ended.code, reason, stdout: ended.stdout });
  }

  private async record({ name, repo }: Team, pid: number): Promise<void> {
    const { clock, state, writeForemanState } = this.world;
    const team = state().teams[name];
    // A file for readers: that it could not be written stops no run.
    if (team) await writeForemanState(repo, foremanRecord(state(), team, clock.now(), pid)).catch(() => {});
  }

  private runOf(team: Team, { role }: Errand, prompt: string): Run {
    const { repo, settings } = team;
    const actor = role === "aux" ? auxActor(settings) : foremanActor(settings);
    if (actor === null) throw new Refusal("state", `nobody is bound as ${role}`, "choose one with muster run");
    const permission = levelOf(settings, role);
    const { muster, state } = this.world;
    if (permission === "danger-full-access" && !state().repositories[repo]?.isPermitted)
      throw new Refusal("state", `${role} would get full access, which nobody has allowed in ${repo} yet`, ALLOW);
    const { aux } = settings.cli_profiles.roles;
    const driver = driverIn(actor);
    const program = this.world.program(team, driver);
    const { actors } = settings.agents;
    const limits = Object.hasOwn(actors, driver) ? actors[driver as keyof typeof actors].aux : actors.claude.aux;
    return {
      invocation: invocation({ actor, role, settings, permission, prompt, muster, program }),
      driver,
      cwd: role === "aux" && aux.cwd !== "." ? `${repo}/${aux.cwd}` : repo,
      limitMs: (role === "aux" ? limits.timeout_s : settings.foreman.max_run_seconds) * 1000,
    };
  }

  private async finish(team: Team, errand: Errand, folder: string, ending: Ending): Promise<Performed> {
    const said = errand.role === "foreman" ? await this.said(team, errand, folder, ending.stdout) : [];
    return { commands: [...said, ...this.ended(errand, ending)] };
  }

  /** What the Foreman wrote into its mailbox, else what it printed if that has exactly the form of a message. */
  private async said({ name, repo }: Team, errand: Errand, folder: string, stdout: string): Promise<Command[]> {
    const misspoke = (reason: string) => [
      observe({ type: "foreman.misspoke", team: name, errand: errand.id, reason } as const),
    ];
    let written: string | null;
    try {
      written = await this.world.takeForemanLetter(repo, folder);
    } catch (error) {
      if (error instanceof Refusal) return misspoke(error.message);
      throw error;
    }
    const message = foremanMessage(written ?? stdout);
    const state = this.world.state();
    const team = state.teams[name];
    if (!team) return [];
    if (!("problem" in message)) return speak(state, team, errand, message);
    return written === null ? [] : misspoke(message.problem);
  }

  private ended({ id, team }: Errand, { code, reason, stdout }: Ending): Command[] {
    const about = { errand: id, team, code, reason } as const;
    return [observe({ type: "errand.ended", ...about, preview: preview(stdout), body: ends(stdout) })];
  }
}
