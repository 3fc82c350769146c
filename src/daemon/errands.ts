import { join } from "node:path";
import type { Command } from "../core/commands.ts";
import { agentEnvironment } from "../core/environment.ts";
import type { Programs } from "../core/errands/port.ts";
import type { Principal } from "../core/ids.ts";
import { ErrandDesk } from "../engine/errands/desk.ts";
import { EvidenceDesk } from "../engine/errands/evidence.ts";
import { ForemanReactor } from "../engine/errands/foreman.ts";
import { ErrandReactor } from "../engine/errands/reactor.ts";
import type { ErrandsWorld } from "../engine/errands/world.ts";
import type { Reactor } from "../engine/reactor.ts";
import { writeCopy } from "../files/ledger-copy.ts";
import { readForeign, readForeignText } from "../files/safe-read.ts";
import { openForemanMailbox, takeForemanLetter } from "../mailbox/foreman.ts";
import { systemChecks } from "../programs/checks.ts";
import { systemPrograms } from "../programs/programs.ts";
import { existingFolder } from "./operations.ts";
import type { Parts } from "./parts.ts";
import { trustObstacle } from "./trust.ts";

/** Runs of CLIs without a terminal, for teams; and a person's evidence cards. */
export interface ErrandWork {
  reactors: Reactor<unknown>[];
  desk: ErrandDesk;
  evidence: EvidenceDesk;
  /** What runs for this team ends. */
  close(team: string): void;
}

const programs: Programs = {
  ...systemPrograms,
  open: async (repo, kind, name, files) => {
    if (kind === "foreman") openForemanMailbox(repo);
    return systemPrograms.open(repo, kind, name, files);
  },
};

/** `10:31` where the daemon runs. */
export const timeOfDay = (at: number): string => {
  const date = new Date(at);
  return `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
};

export function openErrandWork(parts: Parts): ErrandWork {
  const { clock, engine, environments, log, random, ending } = parts;
  const dispatch = (command: Command, by: Principal) => void engine.dispatch(command, by);
  const world: ErrandsWorld = {
    ...{ clock, dispatch, programs, timeOfDay },
    state: () => engine.state,
    body: (seq) => log.body(seq) ?? "",
    environment: ({ repo }, driver) => agentEnvironment(driver, environments.ofRepository(engine.state, repo)),
    program: ({ repo }, driver) => environments.ofRepository(engine.state, repo)[`${driver.toUpperCase()}_I_CMD`],
    obstacle: (driver, cwd) => trustObstacle(engine, { hire: { driver, cwd } }, parts.env),
    muster: [process.execPath, "--no-install", join(import.meta.dir, "..", "main.ts")],
    read: (path) => readForeignText(path).catch(() => null),
    takeForemanLetter: (repo, folder) => takeForemanLetter(repo, folder, readForeign),
    writeForemanState: (repo, record) => writeCopy(join(repo, ".muster", "state", "foreman.json"), record),
  };
  const errands = new ErrandReactor(world);
  return {
    reactors: [errands, new ForemanReactor(world)] as Reactor<unknown>[],
    desk: new ErrandDesk(world, random),
    evidence: new EvidenceDesk({
      ...{ clock, dispatch, ending, checks: systemChecks, folder: existingFolder },
      environment: (repo) => environments.ofRepository(engine.state, repo),
    }),
    close: (team) => errands.stop(team),
  };
}
