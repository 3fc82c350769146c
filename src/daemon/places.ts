import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Home } from "../client/home.ts";
import { agentEnvironment, type Environment } from "../core/environment.ts";
import type { Driver, Place, TerminalOrder } from "../core/ports.ts";
import type { Agent } from "../core/state.ts";

/** Wide enough for every CLI; wider panes open side panels in Claude Code 2.1.328. */
const COLS = 140;
const ROWS = 50;

/** Where one incarnation of an agent has its files. */
export function placeOf(home: Home, agent: Agent, incarnation: number, letters: string, env: Environment): Place {
  const folder = join(home.agents, agent.hire.agent);
  return {
    folder,
    receipts: join(folder, "receipts", String(incarnation)),
    seen: join(folder, "seen"),
    spool: home.spool,
    letters,
    home: env.HOME ?? "/",
    configuration: agent.hire.driver === "claude" ? env.CLAUDE_CONFIG_DIR : undefined,
    socket: home.socket,
    muster: [process.execPath, "--no-install", join(import.meta.dir, "..", "main.ts")],
  };
}

/** Writes a driver's files for this incarnation and says what to start. */
export function prepareAgent(
  driver: Driver,
  agent: Agent,
  place: Place,
  incarnation: number,
  env: Environment,
): TerminalOrder {
  for (const folder of [place.folder, place.receipts, place.seen, place.letters, join(place.folder, "answers")]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  const resume = incarnation > 1 && driver.abilities.canResume ? agent.session : undefined;
  const launch = driver.launch(agent.hire, place, resume);
  for (const { path, text, isProgram } of launch.files) {
    const target = join(place.folder, path);
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    rmSync(target, { force: true });
    writeFileSync(target, text, { mode: isProgram ? 0o700 : 0o600 });
  }
  return {
    agent: agent.hire.agent,
    incarnation,
    argv: launch.argv,
    env: { ...agentEnvironment(driver.name, env), ...launch.env },
    cwd: agent.hire.cwd,
    cols: COLS,
    rows: ROWS,
  };
}
