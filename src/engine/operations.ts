import type { Command, CommandOf } from "../core/commands.ts";
import { isRepetition, refuseNul } from "../core/decide.ts";
import type { Environment } from "../core/environment.ts";
import { errandSeats } from "../core/errands/roles.ts";
import type { ControlAction, Event, Hire, Permission, Topology } from "../core/facts.ts";
import { type AgentId, type JobId, type Mid, midOf, type Principal, type TeamName, USER } from "../core/ids.ts";
import { killedBy } from "../core/job-state.ts";
import type { Budget, BudgetUnit } from "../core/jobs/budget.ts";
import { modelFor } from "../core/jobs/effort.ts";
import type { Worktree } from "../core/jobs/worktree.ts";
import type { Clock, Random } from "../core/ports.ts";
import type { ResidualAnswer } from "../core/premises.ts";
import { Refusal } from "../core/refusal.ts";
import type { Review } from "../core/review.ts";
import { type SettingsRead, settingsFrom } from "../core/settings/settings.ts";
import { agentNamed, parentNamed } from "./agent-named.ts";
import { Consent } from "./consent.ts";
import type { Engine } from "./engine.ts";
import { requireFree } from "./free-name.ts";
import { rulebook } from "./system/texts.ts";
import { pairLetters } from "./topologies/pair.ts";
import { residualLetters } from "./topologies/residual.ts";

export interface OperationsWorld {
  engine: Engine;
  clock: Clock;
  random: Random;
  /** Resolves aliases and refuses unknown drivers: `mock:FILE` → standin with a scenario. */
  driver(name: string, permission: Permission): Pick<Hire, "driver" | "scenario" | "canCompact">;
  /** What budgets a driver can keep. */
  budgetUnits(driver: string): readonly BudgetUnit[];
  /** Refuses when the program of this hire cannot be found in the environment it will be started in (P5). */
  requireProgram(hire: Hire, environment?: Environment): void;
  /** Whose login this driver's CLI will use in the environment it will be started in: a digest. */
  login(driver: string, environment?: Environment): string | undefined;
  /** Absolute path of an existing folder, or a Refusal. */
  folder(path: string): Promise<string>;
  review(repo: string): Promise<Review>;
  /** Project brief of a repository, for the SYSTEM text; empty when there is none. */
  brief(repo: string): Promise<string>;
  /** Creates the mailbox of a team; returns the paths its members are told. */
  openMailbox(repo: string, team: TeamName, seats: string[]): Promise<void>;
  /** Puts the rules of a team into its repository; a Refusal when they cannot be written, or the user's own not be read. */
  writeRules(repo: string, files: Record<string, string>): Promise<void>;
  /** Makes a worktree for this agent in the repository of a folder; a Refusal where there is none. */
  openWorktree(folder: string, agent: AgentId): Promise<Worktree>;
  /** What the settings files of a repository say. */
  settings(repo: string): Promise<SettingsRead>;
  /** Does with unread letters of an earlier team what the person wants; returns those that stay, by seat. */
  residual(repo: string, seats: string[], answer: ResidualAnswer): Promise<Record<string, string[]>>;
  /** Keeps the caller's environment for an agent, and what it needs besides; not in the log, because it may hold keys. */
  keepEnvironment(agent: AgentId, given: Environment, more?: Environment): void;
}

export interface StartOrder {
  prompt: string;
  agent?: string;
  cwd: string;
  permission?: Permission;
  model?: string;
  effort?: string;
  command?: string;
  parent?: AgentId;
  /** The caller's environment; absent = the daemon's own. */
  environment?: Environment;
  /** The person agrees to the agent configuration that the repository brings. */
  trust?: boolean;
  timeoutMinutes?: number;
  budget?: Budget;
  /** Start it even where its budget cannot be kept. */
  allowUnenforced?: boolean;
  /** It works on a branch and in files of its own. */
  worktree?: boolean;
  /** Agents, or prefixes of their ids, whose jobs must be completed before. */
  after?: string[];
  isPlain?: true;
}

export interface SeatOrder {
  driver: string;
  command?: string;
  permission?: Permission;
  model?: string;
  /** Relative to the repository; absent = its top. */
  cwd?: string;
  /** What its CLI needs of the environment besides (`env_require`, `env`). */
  env?: Environment;
}

export interface TeamOrder {
  repo: string;
  /** Default: the folder's name. */
  name?: TeamName;
  task?: string;
  peerA: SeatOrder;
  /** Absent = solo. */
  peerB?: SeatOrder;
  environment?: Environment;
  trust?: boolean;
  /** `full access`: the person allows it in this repository, in words. */
  accept?: string;
  /** What becomes of unread letters of an earlier team (they stay). */
  residual?: ResidualAnswer;
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40) || "team";

/** What people and their programs ask for in one step; everything ends in `dispatch`. */
export class Operations {
  private readonly consent: Consent;

  constructor(private readonly world: OperationsWorld) {
    this.consent = new Consent(world);
  }

  /** Who would be hired for an order; nothing is started. */
  async prepare(order: StartOrder): Promise<Hire> {
    const { world } = this;
    if (order.prompt.trim() === "") throw new Refusal("usage", "the prompt is empty", 'muster start "what to do"');
    const cwd = await world.folder(order.cwd);
    const hire = this.hire({ ...order, driver: order.agent ?? "claude" }, cwd, order.environment);
    world.requireProgram(hire, order.environment);
    this.requireMeasured(hire.driver, order);
    const { effort, parent, isPlain } = order;
    const model = hire.model ?? modelFor(hire.driver, effort);
    const { state } = world.engine;
    const after = order.after?.map((one) => parentNamed(state, one));
    return { ...hire, model, effort, parent, ...(isPlain ? { isPlain } : {}), ...(after ? { after } : {}) };
  }

  /** The same, where the repository was agreed to as well. */
  async agreed(order: StartOrder, by: Principal): Promise<Hire> {
    const hire = await this.prepare(order);
    if (hire.driver !== "standin") await this.consent.trust(hire.cwd, order.trust ?? false, by);
    return hire;
  }

  /** A hire that is started next: its environment is kept. `agent`: under this id. */
  async hireFor(order: StartOrder, by: Principal, agent?: AgentId): Promise<Hire> {
    const agreed = await this.agreed(order, by);
    const hire = await this.placed(order, agent === undefined ? agreed : { ...agreed, agent }, by);
    if (order.environment) this.world.keepEnvironment(hire.agent, order.environment);
    return hire;
  }

  /** In a worktree of its own, if that is wanted. What was agreed to of the repository counts there too. */
  private async placed(order: StartOrder, hire: Hire, by: Principal): Promise<Hire> {
    if (!order.worktree) return hire;
    const worktree = await this.world.openWorktree(hire.cwd, hire.agent);
    const cwd = await this.world.folder(`${worktree.path}${hire.cwd.slice(worktree.repo.length)}`);
    if (hire.driver !== "standin") await this.consent.inherit(cwd, hire.cwd, order.trust ?? false, by);
    return { ...hire, cwd, worktree };
  }

  async start(order: StartOrder, by: Principal): Promise<{ agent: AgentId; job: JobId; mid: Mid }> {
    // An agent neither chooses whose child another one is, nor what stands in its environment.
    const asked = by.kind === "agent" ? { ...order, parent: by.agent, environment: undefined } : order;
    const hire = await this.hireFor(asked, by);
    const { agent } = hire;
    const { prompt, timeoutMinutes, budget } = order;
    const mid = this.mid();
    this.world.engine.dispatch({ do: "start", hire, job: { id: agent, mid, prompt, timeoutMinutes, budget } }, by);
    return { agent, job: agent, mid };
  }

  async form(order: TeamOrder, by: Principal): Promise<{ team: TeamName; agents: AgentId[] }> {
    const { world } = this;
    const repo = await world.folder(order.repo);
    const team = order.name ?? slug(repo.split("/").at(-1) ?? "");
    requireFree(world.engine.state, team, repo);
    const topology: Topology = order.peerB ? "pair" : "solo";
    const seats = order.peerB ? ["PeerA", "PeerB"] : ["PeerA"];
    const orders = [order.peerA, order.peerB];
    const hires: (Hire & { seat: string })[] = [];
    for (const [index, seat] of seats.entries()) {
      const one = orders[index] ?? order.peerA;
      hires.push({ ...this.hire(one, await this.folderIn(repo, one.cwd), order.environment), team, seat });
    }
    for (const hire of hires) world.requireProgram(hire, order.environment);
    const settings = await this.settingsOf(repo);
    const errands = errandSeats(settingsFrom(settings?.changes));
    const isForeign = [...hires, ...errands].some(({ driver }) => driver !== "standin");
    const folders = isForeign ? new Set([repo, ...hires.map(({ cwd }) => cwd)]) : [];
    for (const folder of folders) await this.consent.trust(folder, order.trust ?? false, by);
    this.consent.permission(repo, [...hires, ...errands], order.accept, by);
    await world.openMailbox(repo, team, seats);
    const brief = await world.brief(repo);
    const texts = { repo, team, hires, settings: settingsFrom(settings?.changes) };
    await world.writeRules(repo, rulebook(texts));
    const letters = pairLetters({ ...texts, brief, task: order.task, mid: () => this.mid() });
    const left = await world.residual(repo, seats, order.residual ?? "resume");
    letters.splice(hires.length, 0, ...residualLetters({ repo, team, hires, left, mid: () => this.mid() }));
    for (const [index, { agent }] of hires.entries())
      if (order.environment) world.keepEnvironment(agent, order.environment, orders[index]?.env);
    const placed = hires.map(({ agent, driver, seat }) => ({ seat, agent, driver }));
    world.engine.dispatch({ do: "form", team, topology, repo, seats: placed, hires, letters, settings }, by);
    return { team, agents: hires.map((hire) => hire.agent) };
  }

  /** `mid` given by the client makes a repeated request harmless. */
  send(order: { to: string; text: string; urgent?: boolean; mid?: Mid }, by: Principal): { mid: Mid } {
    const { engine } = this.world;
    const to = order.to === USER ? USER : agentNamed(engine.state, order.to).hire.agent;
    const from = by.kind === "agent" ? by.agent : USER;
    const mid = order.mid ?? this.mid();
    const team = by.kind === "agent" ? engine.state.agents[by.agent]?.hire.team : undefined;
    const letter = { mid, from, to, kind: "letter", text: order.text, urgent: order.urgent, team } as const;
    // Granting it silently would lose the other text (reliability F18).
    if (!isRepetition(engine.state.messages[mid], letter))
      throw new Refusal("state", `message ${mid} was sent before with another text`, "take a new id");
    engine.dispatch({ do: "send", letter }, by);
    return { mid };
  }

  kill(prefix: string, completed: boolean, by: Principal): AgentId {
    const { agent } = agentNamed(this.world.engine.state, prefix).hire;
    this.dispatch({ do: "kill", agent, reason: killedBy(by), completed }, by);
    return agent;
  }

  control(prefix: string, action: ControlAction, by: Principal): { agent: AgentId; control: string } {
    const { agent } = agentNamed(this.world.engine.state, prefix).hire;
    const id = this.world.random.hex(8);
    this.dispatch({ do: "control", agent, id, action }, by);
    return { agent, control: id };
  }

  dispatch(command: Command, by: Principal): Event[] {
    return this.world.engine.dispatch(command, by);
  }

  /** Six digits may meet within a second: a message with another's id would be taken for its repetition. */
  mid(): Mid {
    const { clock, random, engine } = this.world;
    for (;;) {
      const mid = midOf(clock.now(), random.hex(6));
      if (!engine.state.accepted[mid]) return mid;
    }
  }

  /** A budget that nobody measures would be a promise that is not kept. */
  private requireMeasured(driver: string, { budget, allowUnenforced }: StartOrder): void {
    if (!budget || allowUnenforced) return;
    const units = this.world.budgetUnits(driver);
    if (units.includes(budget.unit)) return;
    const known = units.length > 0 ? `it tells ${units.join(", ")} only; ` : "";
    const what = budget.unit === "usd" ? "its cost" : "its tokens";
    throw new Refusal(
      "failed",
      `${driver} does not tell ${what}: --budget cannot be kept`,
      `${known}--allow-unenforced starts it without, --timeout MIN limits its time`,
    );
  }

  private hire(order: SeatOrder, cwd: string, environment?: Environment): Hire {
    const permission = order.permission ?? "workspace-write";
    const known = this.world.driver(order.driver, permission);
    const { command, model } = order;
    refuseNul("command", command);
    if (model !== undefined && !/^[A-Za-z0-9._:/-]{1,100}$/.test(model)) {
      throw new Refusal("usage", `${JSON.stringify(model)} is not a model name`, "letters, digits and . _ : / -");
    }
    const account = this.world.login(known.driver, environment && { ...environment, ...order.env });
    return { agent: this.world.random.hex(8), ...known, cwd, permission, command, model, account };
  }

  /** A team does not start by settings that are wrong. */
  private async settingsOf(repo: string): Promise<CommandOf<"form">["settings"]> {
    const { hash, changes, problems } = await this.world.settings(repo);
    const [error] = problems.filter(({ level }) => level === "error");
    if (error) throw new Refusal("failed", error.text, "mend the file, or leave the key out");
    return { hash, changes, warnings: problems.map(({ text }) => text) };
  }

  /** Where a member works: the repository's top, or a folder in it. */
  private async folderIn(repo: string, cwd = "."): Promise<string> {
    if (cwd === ".") return repo;
    const folder = await this.world.folder(`${repo}/${cwd}`);
    if (folder === repo || folder.startsWith(`${repo}/`)) return folder;
    throw new Refusal("usage", `cwd ${cwd} leads out of ${repo}`, "name a folder in the repository");
  }

  /** A person agrees to what a repository brings, without starting anything: its agents wait for that. */
  async agree(path: string, by: Principal): Promise<{ repo: string }> {
    const repo = await this.world.folder(path);
    await this.consent.trust(repo, true, by);
    return { repo };
  }
}
