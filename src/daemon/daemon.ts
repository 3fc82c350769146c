import { join } from "node:path";
import type { Home } from "../client/home.ts";
import { observe } from "../core/commands.ts";
import { DAEMON } from "../core/ids.ts";
import type { Driver, Log } from "../core/ports.ts";
import { Refusal } from "../core/refusal.ts";
import { type Agent, isAlive, isOpen } from "../core/state.ts";
import { driverNamed } from "../drivers/registry.ts";
import { AnswerReactor } from "../engine/answers.ts";
import { ControlReactor } from "../engine/controls.ts";
import { DeliveryReactor } from "../engine/delivery/reactor.ts";
import { type Engine, openEngine } from "../engine/engine.ts";
import { HousingReactor } from "../engine/housing.ts";
import { Leases } from "../engine/leases.ts";
import { type Reactor, Reactors } from "../engine/reactor.ts";
import { jobRule } from "../engine/rules.ts";
import { Receipts } from "../files/receipts.ts";
import { Records } from "../files/records.ts";
import { Spool } from "../files/spool.ts";
import { Transcripts } from "../files/transcripts.ts";
import { Bulk } from "../store/bulk.ts";
import { lockHome } from "../store/database.ts";
import { openLog } from "../store/log.ts";
import { createTerminals, type TerminalServer } from "../tmux/terminals.ts";
import { VERSION } from "../version.ts";
import { deliveryWorld, lettersOf } from "./delivery-world.ts";
import { faultPoints } from "./fault.ts";
import { prepareHome } from "./home.ts";
import { Intake } from "./intake.ts";
import { type Environment, placeOf, prepareAgent } from "./places.ts";
import { contractFrom } from "./proof.ts";
import { systemClock } from "./system.ts";

/** The parts of a running daemon that its server needs. */
export interface Daemon {
  home: Home;
  engine: Engine;
  log: Log;
  bulk: Bulk;
  terminals: TerminalServer;
  leases: Leases;
  reactors: Reactors;
  /** Ends the daemon; agents live on. */
  stop(): Promise<void>;
}

const driverOf = (agent: Agent): Driver => driverNamed(agent.hire.driver).driver;

/** Opens a home and starts everything that works on it. Throws a Refusal when another daemon has it. */
export async function openDaemon(home: Home, env: Environment): Promise<Daemon> {
  prepareHome(home);
  const unlock = lockHome(home.lock);
  if (!unlock) throw new Refusal("state", `another daemon runs on ${home.folder}`, "muster health shows it");
  const clock = systemClock;
  const faultPoint = faultPoints(env);
  const log = openLog(home.ledger);
  const engine = openEngine({ log, clock, rules: [jobRule] });
  const bulk = new Bulk(home.dashboard, clock, engine.state.hookRow);
  const ending = new AbortController();
  const leases = new Leases();
  const waker = { wake: (_agent: string) => {} };
  const terminals = await openTerminals(home, engine, waker);
  const intake = new Intake({ engine, bulk, agents: home.agents, driverOf });
  const receipts = new Receipts(home.agents);
  const parts = {
    home,
    engine,
    log,
    terminals,
    clock,
    leases,
    receipts,
    transcripts: new Transcripts(),
    driverOf,
    faultPoint,
  };
  const housing = new HousingReactor({
    terminals,
    clock,
    faultPoint,
    obstacle: async () => null,
    prepare: async (agent, incarnation) => {
      const letters = lettersOf(home, engine.state, agent);
      const place = placeOf(home, agent, incarnation, letters, env);
      return prepareAgent(driverOf(agent), agent, place, incarnation, env);
    },
  });
  const reactors = new Reactors(engine, clock, [
    housing,
    new ControlReactor({ terminals, clock, driverOf, leases }),
    new DeliveryReactor(deliveryWorld(parts), contractFrom(env)),
    new AnswerReactor((agent, question, choice, reason) => {
      const decision = driverOf(agent).answer?.(choice, reason);
      return decision ? intake.answer(agent, question, decision) : Promise.resolve(false);
    }),
  ] as Reactor<unknown>[]);
  waker.wake = wakeOnOutput(engine, reactors);
  const records = new Records(clock, (agent, record) => intake.record(agent, record), ending.signal);
  followRecords(engine, records, home, env);
  const refuse = (reason: string) =>
    engine.dispatch(observe({ type: "notice.raised", level: "warning", text: reason }), DAEMON);
  const spool = new Spool({ folder: home.spool, clock, take: (spooled) => intake.take(spooled), refuse });
  await spool.start(ending.signal);
  await readopt(engine, terminals);
  engine.dispatch(observe({ type: "daemon.started", pid: process.pid, version: VERSION }), DAEMON);
  const stop = async () => {
    ending.abort();
    await reactors.stop();
    await terminals.stop();
    bulk.close();
    log.close();
    unlock();
  };
  return { home, engine, log, bulk, terminals, leases, reactors, stop };
}

function openTerminals(home: Home, engine: Engine, waker: { wake(agent: string): void }): Promise<TerminalServer> {
  return createTerminals({
    folder: home.folder,
    socket: home.tmuxSocket,
    onOutput: (agent) => waker.wake(agent),
    onExit: ({ agent, incarnation, code, signal }) => {
      engine.dispatch(observe({ type: "terminal.exited", agent, incarnation, code, signal }), DAEMON);
    },
    onServerLost: (runs) => {
      const reason = "the tmux server was killed";
      for (const { agent, incarnation } of runs) {
        engine.dispatch(observe({ type: "terminal.lost", agent, incarnation, reason }), DAEMON);
      }
    },
  });
}

/** Output of an agent wakes its delivery, and only while something waits for it. */
function wakeOnOutput(engine: Engine, reactors: Reactors): (agent: string) => void {
  const waiting = new Set<string>();
  const note = () => {
    waiting.clear();
    for (const message of Object.values(engine.state.messages)) if (isOpen(message)) waiting.add(message.to);
  };
  note();
  engine.subscribe((events) => {
    if (events.some((event) => event.type.startsWith("message."))) note();
  });
  return (agent) => {
    if (waiting.has(agent)) reactors.wake(agent);
  };
}

/** Follows the state record of every living agent whose CLI keeps one. */
function followRecords(engine: Engine, records: Records, home: Home, env: Environment): void {
  const follow = (agent: Agent) => {
    const place = placeOf(home, agent, agent.incarnation, join(home.letters, agent.hire.agent), env);
    const path = agent.pid === undefined ? undefined : driverOf(agent).record?.(place, agent.pid);
    if (path) records.follow(agent.hire.agent, path);
  };
  for (const agent of Object.values(engine.state.agents)) if (isAlive(agent)) follow(agent);
  engine.subscribe((events) => {
    for (const event of events) {
      if (event.type === "terminal.exited" || event.type === "terminal.lost") records.unfollow(event.agent);
      const agent = event.type === "terminal.opened" ? engine.state.agents[event.agent] : undefined;
      if (agent) follow(agent);
    }
  });
}

/** After a restart: agents whose pane is gone are lost; the others are found by their panes and go on. */
async function readopt(engine: Engine, terminals: TerminalServer): Promise<void> {
  const panes = new Map((await terminals.list()).map((pane) => [`${pane.agent} ${pane.incarnation}`, pane]));
  for (const agent of Object.values(engine.state.agents)) {
    if (!isAlive(agent) || agent.opening) continue;
    const { agent: id } = agent.hire;
    const { incarnation } = agent;
    const pane = panes.get(`${id} ${incarnation}`);
    if (!pane) {
      const reason = "its terminal was gone when the daemon came back";
      engine.dispatch(observe({ type: "terminal.lost", agent: id, incarnation, reason }), DAEMON);
    } else if (pane.isDead) {
      const { code, signal } = pane;
      engine.dispatch(observe({ type: "terminal.exited", agent: id, incarnation, code, signal }), DAEMON);
    }
  }
}
