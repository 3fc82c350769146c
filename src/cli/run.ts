import { resolve } from "node:path";
import type { Event } from "../core/facts.ts";
import { Refusal } from "../core/refusal.ts";
import type { State, Team } from "../core/state.ts";
import { concerns } from "../core/subject.ts";
import { enter } from "./attach.ts";
import { type Call, type CommandSpec, isSet, text, type Values } from "./command.ts";
import { isLoud, ledgerLine } from "./ledger.ts";
import { requireRepository } from "./repository.ts";
import { type Formed, formTeam, layoutOf } from "./run/form.ts";
import { line, paint } from "./style.ts";
import { openAsker } from "./wizard/terminal.ts";

function taskOf(flags: Values): string | undefined {
  const task = text(flags, "task");
  if (task?.trim() === "") throw new Refusal("usage", "the task is empty", 'muster run --task "what to do"');
  return task;
}

/**
 * Prints what happens until the team ends or something says that this is enough. `begin` starts the team once the stream is
 * open, so that its first line is not missed; `announce` hears of each fact before its line.
 */
export async function followTeam(
  { daemon, print }: Call,
  begin: () => Promise<string>,
  isEnough: (event: Event) => boolean,
  announce: (event: Event) => void = () => {},
): Promise<void> {
  const client = await daemon();
  const ending = new AbortController();
  let team: string | undefined;
  try {
    for await (const { state, facts } of client.follow(ending.signal)) {
      team ??= await begin();
      for (const fact of facts) {
        announce(fact);
        if (isLoud(fact, state) && concerns(fact, state, team ?? "")) print(ledgerLine(fact, state));
        if (isEnough(fact) || (fact.type === "team.stopped" && fact.team === team)) return;
      }
    }
  } finally {
    ending.abort();
  }
}

/** A task that a running team would never hear of is not swallowed. */
function alreadyBusy({ name, seats }: Team): Refusal {
  const [first] = seats;
  const tell = `muster send ${first?.agent} "..." tells ${first?.seat}; muster stop ${name} ends it`;
  return new Refusal("state", `team ${name} runs already and does not get this task`, tell);
}

/** `--session` names what is not there: another team runs here, and would be taken for it. */
function requireNamed({ name }: Team, wanted: string | undefined): void {
  if (wanted === undefined || wanted === name) return;
  const hint = `muster attach ${name}, or muster stop ${name} first`;
  throw new Refusal("state", `team ${name} runs in this repository, not ${wanted}`, hint);
}

function announce({ team, agents, notes }: Formed, repo: string, isRunning: boolean): string {
  const head = `${paint("bold", `team ${team}`)} ${isRunning ? "runs already" : "has started"} in ${repo}`;
  const members = agents.map((agent, index) => `  Peer${"AB"[index] ?? "?"}  ${agent}`);
  const next = `muster attach ${team} enters it; muster status shows it; muster stop ${team} ends it`;
  const said = notes.map((note) => paint("yellow", line(`note: ${note}`)));
  return [head, ...members, ...said, paint("dim", next)].join("\n");
}

export const command: CommandSpec = {
  name: "run",
  usage: "run [--task TEXT] [--peer-a DRIVER] [--peer-b DRIVER|none] [--mock] [--no-wizard] [--detach]",
  summary:
    "Starts a team on this repository, or comes back to the one that runs. It asks who sits where; what was chosen is offered again.",
  examples: [
    'muster run --task "add a short section about tips to README"',
    "muster run --peer-a claude --peer-b none",
  ],
  flags: {
    task: { type: "string", value: "TEXT", help: "what both peers get first, after the SYSTEM text" },
    "peer-a": { type: "string", value: "DRIVER", help: "claude, standin, mock:FILE; kept for the next time" },
    "peer-b": { type: "string", value: "DRIVER", help: "the same; none = PeerA works alone" },
    mock: { type: "boolean", help: "stand-ins for both peers, this time only" },
    "no-wizard": { type: "boolean", help: "ask nothing: as flags and settings say" },
    "command-a": { type: "string", value: "CMD", help: "program of PeerA instead of the driver's own" },
    "command-b": { type: "string", value: "CMD", help: "program of PeerB instead of the driver's own" },
    sandbox: {
      type: "string",
      short: "s",
      value: "LEVEL",
      help: "read-only, workspace-write (default), danger-full-access",
    },
    accept: { type: "string", value: "WORDS", help: '"full access" allows that level in this repository, once' },
    layout: { type: "string", value: "NAME", help: "standard, solo, quad; kept for the next time" },
    session: { type: "string", value: "NAME", help: "name of the team (MUSTER_SESSION, else the folder's name)" },
    dir: { type: "string", short: "d", value: "PATH", help: "the repository, or a folder in it (here)" },
    trust: { type: "boolean", help: "you have read the agent configuration of this repository and agree" },
    detach: { type: "boolean", help: "return at once" },
  },
  async run(call) {
    const { flags, daemon, isJson, isTty, print } = call;
    const task = taskOf(flags);
    layoutOf(flags);
    const repo = requireRepository(resolve(call.cwd, text(flags, "dir") ?? "."));
    const client = await daemon();
    const { state } = await client.get<{ state: State }>("/api/state");
    const running = Object.values(state.teams).find((team) => !team.stopped && team.repo === repo);
    if (running) requireNamed(running, text(flags, "session"));
    if (running && task !== undefined) throw alreadyBusy(running);
    // Its members may be waiting for exactly this.
    if (running && isSet(flags, "trust")) await client.post("/api/repositories/trust", { repo });
    const formed = running
      ? { team: running.name, agents: running.seats.map((seat) => seat.agent), notes: [] }
      : await formTeam(call, { client, repo, task, asker: openAsker(call) });
    if (isJson) print(JSON.stringify(formed));
    else print(announce(formed, repo, running !== undefined));
    if (isSet(flags, "detach") || isJson) return 0;
    if (isTty) return enter(client, formed.team, print);
    await followTeam(
      call,
      async () => formed.team,
      () => false,
    );
    return 0;
  },
};
