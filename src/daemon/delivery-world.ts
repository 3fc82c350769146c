import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Home } from "../client/home.ts";
import { DAEMON } from "../core/ids.ts";
import { mailboxOf } from "../core/letter/place.ts";
import { type Agent, addressName, type Message, type State } from "../core/state.ts";
import { PROMPT_HOOK } from "../drivers/claude-hooks.ts";
import type { DeliveryWorld } from "../engine/delivery/reactor.ts";
import { Receipts } from "../files/receipts.ts";
import { Transcripts } from "../files/transcripts.ts";
import { requireThere } from "../mailbox/folders.ts";
import { fileLetter, placeLetter } from "../mailbox/inbox.ts";
import type { Parts } from "./parts.ts";

/** The folder whose `inbox/` an agent reads: in its team's repository, else in Muster's home. */
export function lettersOf(home: Home, state: State, agent: Agent): string {
  const { team, seat } = agent.hire;
  const repo = team ? state.teams[team]?.repo : undefined;
  return repo && seat ? mailboxOf(repo, seat) : join(home.letters, agent.hire.agent);
}

/** Read in place before each typing: two turns of a thread would take longer. */
function hookProblem(folder: string): string | null {
  try {
    if (!readFileSync(join(folder, "settings.json"), "utf8").includes(PROMPT_HOOK)) return "its settings name none";
  } catch {
    return "its settings name none";
  }
  const program = join(folder, PROMPT_HOOK);
  const found = existsSync(program) ? statSync(program) : null;
  return found?.isFile() && found.size > 0 ? null : `${PROMPT_HOOK} is missing`;
}

/** Delivery's effects on the real world. */
export function deliveryWorld(parts: Parts): DeliveryWorld {
  const { home, engine, log } = parts;
  const receipts = new Receipts(home.agents);
  const transcripts = new Transcripts();
  const store = async (message: Message, text: string): Promise<string> => {
    const agent = engine.state.agents[message.to];
    if (!agent) throw new Error(`message ${message.mid} to nobody`);
    const repo = engine.state.teams[agent.hire.team ?? ""]?.repo;
    if (repo !== undefined) requireThere(repo);
    const inbox = join(lettersOf(home, engine.state, agent), "inbox");
    const sender = addressName(engine.state, message.from);
    return placeLetter(inbox, { mid: message.mid, number: message.number, sender, at: message.at, text });
  };
  return {
    terminals: parts.terminals,
    clock: parts.clock,
    leases: parts.leases,
    driverOf: parts.driverOf,
    faultPoint: parts.faultPoint,
    state: () => engine.state,
    record: (command) => engine.dispatch(command, DAEMON).length > 0,
    body: (message) => log.body(message.seq) ?? "",
    store,
    file: async (message) => {
      if (message.path) await fileLetter(message.path);
    },
    transcriptHas: async (agent, mid) => {
      const driver = parts.driverOf(agent);
      for (const path of agent.transcripts) if (await transcripts.has(path, mid, driver.transcript)) return true;
      return false;
    },
    receiptOf: (agent, mid, newest) => receipts.find(agent, mid, newest),
    hookProblem: async ({ hire }) => hookProblem(join(home.agents, hire.agent)),
    revoke: (agent, mid) => receipts.revoke(agent, mid),
    confirm: (agent, mid) => receipts.confirm(agent, mid),
  };
}
