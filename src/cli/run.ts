import { resolve } from "node:path";
import { callerEnvironment } from "../core/environment.ts";
import type { Event } from "../core/facts.ts";
import { Refusal } from "../core/refusal.ts";
import type { State } from "../core/state.ts";
import { enter } from "./attach.ts";
import { type Call, type CommandSpec, isSet, text } from "./command.ts";
import { requireRepository } from "./init.ts";
import { isLoud, ledgerLine } from "./ledger.ts";
import { programFor } from "./programs.ts";
import { permissionOf } from "./start.ts";
import { paint } from "./style.ts";

interface Formed {
  team: string;
  agents: string[];
}

function orderFrom({ flags, cwd, env }: Call) {
  const sandbox = permissionOf(text(flags, "sandbox"));
  const seat = (name: string | undefined, command: string | undefined) => ({
    driver: name ?? "claude",
    command: command ?? programFor(name ?? "claude", env),
    sandbox,
  });
  const peerB = text(flags, "peer-b") ?? "claude";
  if (text(flags, "peer-a") === "none") throw new Refusal("usage", "PeerA is required", "choose a driver for --peer-a");
  return {
    repo: resolve(cwd, text(flags, "dir") ?? "."),
    name: text(flags, "session"),
    task: text(flags, "task"),
    peerA: seat(text(flags, "peer-a"), text(flags, "command-a")),
    peerB: peerB === "none" ? undefined : seat(peerB, text(flags, "command-b")),
    environment: callerEnvironment(env),
    trust: isSet(flags, "trust"),
  };
}

/**
 * Prints what happens until the team ends or something says that this is enough. `begin` starts the team once the stream is
 * open, so that its first line is not missed.
 */
export async function followTeam(
  { daemon, print }: Call,
  begin: () => Promise<string>,
  isEnough: (event: Event) => boolean,
): Promise<void> {
  const client = await daemon();
  const ending = new AbortController();
  let team: string | undefined;
  try {
    for await (const { state, facts } of client.follow(ending.signal)) {
      team ??= await begin();
      for (const fact of facts) {
        if (isLoud(fact, state)) print(ledgerLine(fact, state));
        if (isEnough(fact) || (fact.type === "team.stopped" && fact.team === team)) return;
      }
    }
  } finally {
    ending.abort();
  }
}

export const command: CommandSpec = {
  name: "run",
  usage: "run [--task TEXT] [--peer-a DRIVER] [--peer-b DRIVER|none] [--detach]",
  summary: "Starts a team on this repository, or comes back to the one that runs. It lives on when you leave.",
  examples: [
    'muster run --task "add a short section about tips to README"',
    "muster run --peer-a claude --peer-b none",
  ],
  flags: {
    task: { type: "string", value: "TEXT", help: "what both peers get first, after the SYSTEM text" },
    "peer-a": { type: "string", value: "DRIVER", help: "claude (default), standin, mock:FILE" },
    "peer-b": { type: "string", value: "DRIVER", help: "the same; none = PeerA works alone" },
    "command-a": { type: "string", value: "CMD", help: "program of PeerA instead of the driver's own" },
    "command-b": { type: "string", value: "CMD", help: "program of PeerB instead of the driver's own" },
    sandbox: {
      type: "string",
      short: "s",
      value: "LEVEL",
      help: "read-only, workspace-write (default), danger-full-access",
    },
    session: { type: "string", value: "NAME", help: "name of the team (the folder's name)" },
    dir: { type: "string", short: "d", value: "PATH", help: "the repository (here)" },
    trust: { type: "boolean", help: "you have read the agent configuration of this repository and agree" },
    detach: { type: "boolean", help: "return at once" },
  },
  async run(call) {
    const { flags, daemon, isJson, isTty, print } = call;
    const client = await daemon();
    const order = orderFrom(call);
    requireRepository(order.repo);
    const { state } = await client.get<{ state: State }>("/api/state");
    const running = Object.values(state.teams).find((team) => !team.stopped && team.repo === order.repo);
    // Its members may be waiting for exactly this.
    if (running && order.trust) await client.post("/api/repositories/trust", { repo: order.repo });
    const formed = running
      ? { team: running.name, agents: running.seats.map((seat) => seat.agent) }
      : await client.post<Formed>("/api/teams", order);
    if (isJson) print(JSON.stringify(formed));
    else
      print(
        `${paint("bold", `team ${formed.team}`)} ${running ? "runs already" : "has started"}: ${formed.agents.join(", ")}`,
      );
    if (isSet(flags, "detach") || isJson) return 0;
    if (isTty) {
      const { argv } = await client.get<{ argv: string[] }>(`/api/attach/${encodeURIComponent(formed.team)}`);
      return enter(argv);
    }
    await followTeam(
      call,
      async () => formed.team,
      () => false,
    );
    return 0;
  },
};
