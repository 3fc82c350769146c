import type { Home } from "../client/home.ts";
import type { BridgeRegistry } from "../core/bridges/port.ts";
import { observe } from "../core/commands.ts";
import type { Environment } from "../core/environment.ts";
import { DAEMON } from "../core/ids.ts";
import type { Driver } from "../core/ports.ts";
import type { Agent } from "../core/state.ts";
import { driverNamed } from "../drivers/registry.ts";
import type { BoardOperations } from "../engine/boards/operations.ts";
import { type Engine, type Fold, openEngine } from "../engine/engine.ts";
import type { JobAccounts } from "../engine/jobs/accounts.ts";
import type { JobDesk } from "../engine/jobs/desk.ts";
import type { Sessions } from "../engine/jobs/sessions.ts";
import type { WorktreeDesk } from "../engine/jobs/worktrees.ts";
import { Leases } from "../engine/leases.ts";
import type { Operations } from "../engine/operations.ts";
import type { Reactors } from "../engine/reactor.ts";
import { Records } from "../files/records.ts";
import { Spool } from "../files/spool.ts";
import type { Post } from "../push/service.ts";
import { lockHome } from "../store/database.ts";
import { openLog } from "../store/log.ts";
import { createTerminals, type TerminalServer } from "../tmux/terminals.ts";
import { VERSION } from "../version.ts";
import { followAgents, readopt } from "./adoption.ts";
import { type ArmyWork, openArmyWork } from "./army.ts";
import { type BridgeWork, openBridgeWork, wakeBridges } from "./bridges.ts";
import { followConfig } from "./config.ts";
import { Environments } from "./environments.ts";
import type { ErrandWork } from "./errands.ts";
import { factLog } from "./fact-log.ts";
import { faultPoints } from "./fault.ts";
import { type HistoryWork, openHistory, openPast } from "./history.ts";
import { prepareHome } from "./home.ts";
import { openHookTables } from "./hook-tables.ts";
import { Intake } from "./intake.ts";
import { openJobWork } from "./jobs.ts";
import { OutputWakes } from "./output-wakes.ts";
import { tooLate } from "./owner.ts";
import type { Parts } from "./parts.ts";
import { openPushWork, type PushWork, wakePushes } from "./push.ts";
import { startReactors } from "./reactors.ts";
import { collectAtRest } from "./rest.ts";
import { wakeCopies } from "./rhythm.ts";
import { RULES } from "./rules.ts";
import { clockFrom } from "./shifted-clock.ts";
import { systemRandom } from "./system.ts";
import { openTeamWork } from "./teams.ts";

/** A running daemon: its parts, and the way to end it. Agents live on. */
export interface Daemon extends Parts {
  operations: Operations;
  boards: BoardOperations;
  errands: ErrandWork;
  army: ArmyWork;
  bridges: BridgeWork;
  push: PushWork;
  jobs: JobDesk;
  history: HistoryWork;
  accounts: JobAccounts;
  worktrees: WorktreeDesk;
  sessions: Sessions;
  reactors: Reactors;
  /** `agents`: they and their terminals end as well. */
  stop(agents?: boolean): Promise<void>;
}

const driverOf = (agent: Agent): Driver => driverNamed(agent.hire.driver).driver;

/** What happened while no daemon ran comes first: deliveries decide on it. */
async function catchUp(parts: Parts): Promise<Intake> {
  await followConfig(parts);
  const { intake, spool } = openIntake(parts);
  await spool.start(parts.ending);
  await readopt(parts);
  forgetEnvironments(parts);
  return intake;
}

/** What a test puts in the place of the world. */
interface Doubles {
  bridges?: BridgeRegistry;
  post?: Post;
}

/** Opens a home and starts everything that works on it. Throws a Refusal when another daemon has it. */
export async function openDaemon(home: Home, env: Environment, doubles: Doubles = {}): Promise<Daemon> {
  const faultPoint = faultPoints(env);
  const clock = clockFrom(env);
  prepareHome(home);
  const unlock = lockHome(home.lock);
  if (!unlock) throw await tooLate(home);
  const waker = { wake: (_agent: string) => {} };
  // tmux answers while the log is read.
  const opening = openTerminals(home, () => engine, waker);
  opening.catch(() => {});
  const log = openLog(home.ledger);
  const ending = new AbortController();
  const past = openPast({ home, log, clock, ending: ending.signal }, () => engine);
  const step: Fold = (state, event) => past.projector.replay(state, event);
  const engine = openEngine({ log, clock, rules: RULES, step });
  past.projector.start(engine);
  const tell = factLog(env, console.error);
  if (tell) engine.subscribe((events) => tell(events, engine.state));
  const parts: Parts = {
    ...{ home, env, clock, random: systemRandom, log, engine, driverOf, faultPoint },
    environments: new Environments(home.secrets, env),
    ...openHookTables({ home, clock, engine }, past.dashboard),
    terminals: await opening,
    leases: new Leases(),
    ending: ending.signal,
  };
  const intake = await catchUp(parts);
  const teams = openTeamWork(parts, (reactor, team) => reactors.wakeOne(reactor, team));
  const bridges = openBridgeWork(parts, teams.errands.desk, doubles.bridges);
  const push = openPushWork(parts, doubles.post);
  const history = openHistory(parts, past, (agent) => reactors.wakeOne("job files", agent));
  const jobs = openJobWork(parts, history);
  const army = openArmyWork(parts, jobs.operations);
  const works = [history, teams, bridges, jobs, army, push];
  const more = works.flatMap((work) => work.reactors);
  const reactors = startReactors(parts, intake, more);
  for (const wakes of [wakeBridges, wakePushes]) wakes(parts, reactors);
  waker.wake = new OutputWakes(engine, parts.clock, reactors).hear;
  wakeCopies(parts, (key) => reactors.wakeOne("copies", key));
  engine.dispatch(observe({ type: "daemon.started", pid: process.pid, version: VERSION }), DAEMON);
  collectAtRest(engine, parts.clock, ending.signal);
  const stop = async (agents = false) => {
    ending.abort();
    teams.stop();
    bridges.close();
    await reactors.stop();
    await (agents ? parts.terminals.killServer() : parts.terminals.stop());
    history.end();
    parts.eventsCopy.end();
    parts.bulk.close();
    log.close();
    unlock();
  };
  return { ...parts, ...jobs, ...teams, bridges, push, army, history, reactors, stop };
}

/** What an ended agent was started with goes with it. */
function forgetEnvironments({ engine, environments }: Parts): void {
  const ENDS = ["agent.dismissed", "terminal.exited", "terminal.lost"];
  environments.sweep(engine.state);
  engine.subscribe((events) => {
    if (events.some(({ type }) => ENDS.includes(type))) environments.sweep(engine.state);
  });
}

function openIntake(parts: Parts): { intake: Intake; spool: Spool } {
  const { engine, home, clock } = parts;
  const kept = () => void parts.eventsCopy.catchUp();
  const intake = new Intake({ engine, bulk: parts.bulk, agents: home.agents, clock, driverOf, kept });
  const records = new Records(clock, (agent, record) => intake.record(agent, record), parts.ending);
  followAgents(parts, records, intake);
  const refuse = (reason: string) => {
    engine.dispatch(observe({ type: "notice.raised", level: "warning", text: reason }), DAEMON);
  };
  const spool = new Spool({ folder: home.spool, clock, take: (spooled) => intake.take(spooled), refuse });
  return { intake, spool };
}

function openTerminals(
  home: Home,
  engine: () => Engine,
  waker: { wake(agent: string): void },
): Promise<TerminalServer> {
  return createTerminals({
    folder: home.folder,
    socket: home.tmuxSocket,
    onOutput: (agent) => waker.wake(agent),
    onExit: ({ agent, incarnation, code, signal }) => {
      engine().dispatch(observe({ type: "terminal.exited", agent, incarnation, code, signal }), DAEMON);
    },
    onServerLost: (runs) => {
      const reason = "the tmux server was killed";
      for (const { agent, incarnation } of runs) {
        engine().dispatch(observe({ type: "terminal.lost", agent, incarnation, reason }), DAEMON);
      }
    },
  });
}
