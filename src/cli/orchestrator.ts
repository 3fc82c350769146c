import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { callerEnvironment } from "../core/environment.ts";
import type { LeadStatus, LeadView } from "../core/lead/view.ts";
import { Refusal } from "../core/refusal.ts";
import { type Call, type CommandSpec, isSet, text } from "./command.ts";
import { driverFrom, programFor } from "./programs.ts";
import { permissionOf, reasoningOf } from "./start.ts";
import { type Colour, line, paint, table } from "./style.ts";

const COLOURS: Record<LeadStatus, Colour> = {
  idle: "green",
  working: "blue",
  warned: "yellow",
  clearing: "yellow",
  resuming: "yellow",
  stopped: "dim",
};

async function start({ flags, cwd, env, daemon, isJson, print }: Call): Promise<void> {
  const agent = text(flags, "agent") ?? "claude";
  const client = await daemon();
  const started = await client.post("/api/orchestrator/start", {
    agent: driverFrom(agent, cwd),
    cwd: resolve(cwd, text(flags, "dir") ?? "."),
    sandbox: permissionOf(text(flags, "sandbox")),
    model: text(flags, "model"),
    reasoning: reasoningOf(text(flags, "reasoning")),
    command: text(flags, "command") ?? programFor(agent, env),
    trust: isSet(flags, "trust"),
    environment: callerEnvironment(env),
  });
  const next = [
    ["Status", "muster orchestrator status"],
    ["Say", 'muster orchestrator inject "message"'],
    ["Attach", "muster attach orch"],
  ].map(([what, how]) => `  ${paint("dim", `${what}:`.padEnd(8))} ${how}`);
  print(isJson ? JSON.stringify(started) : [`Lead started: ${paint("bold", "orch")}`, ...next].join("\n"));
}

function shown(view: LeadView): string {
  const { status, context_pct: percent, active_agents: agents, notes } = view;
  const rows = [
    ["Lead", paint(COLOURS[status], status)],
    ["Context", percent === null ? "unknown" : `${percent} %`],
    ["Since", view.started_at ?? "never started"],
    ["Task", view.current_task ? `#${view.current_task.id} ${line(view.current_task.description)}` : "none"],
    ["Agents", agents.length === 0 ? "none at work" : `${agents.length} at work`],
    ...agents.map(({ id, prompt }) => ["", `${id}  ${line(prompt)}`]),
    ["Notes", notes ? line(notes) : "none"],
  ];
  const hint = status === "stopped" ? `\n\n${paint("dim", "muster orchestrator start begins one")}` : "";
  return `${table(rows.map(([name = "", value = ""]) => [paint("dim", name), value]))}${hint}`;
}

async function status({ daemon, isJson, print }: Call): Promise<void> {
  const view = await (await daemon()).get<LeadView>("/api/orchestrator/status");
  print(isJson ? JSON.stringify(view, null, 1) : shown(view));
}

async function stop({ daemon, isJson, print }: Call): Promise<void> {
  const stopped = await (await daemon()).post("/api/orchestrator/stop", {});
  print(isJson ? JSON.stringify(stopped) : "The lead has ended. Its agents work on; muster jobs lists them.");
}

/** `inject TEXT` and `note TEXT`; `-` reads standard input. */
async function say({ words, daemon, isJson, print }: Call, act: "inject" | "note"): Promise<void> {
  const given = words[1] === "-" ? readFileSync(0, "utf8").trim() : (words[1] ?? "");
  if (given.trim() === "") throw new Refusal("usage", "there is no text", `muster orchestrator ${act} "text"`);
  const client = await daemon();
  const said = await client.post(`/api/orchestrator/${act}`, act === "note" ? { text: given } : { message: given });
  print(isJson ? JSON.stringify(said) : act === "note" ? "noted" : "sent to the lead");
}

const ACTS: Record<string, (call: Call) => Promise<void>> = {
  start,
  stop,
  status,
  inject: (call) => say(call, "inject"),
  note: (call) => say(call, "note"),
};

export const command: CommandSpec = {
  name: "orchestrator",
  usage: "orchestrator start|stop|status|inject TEXT|note TEXT",
  summary:
    "The lead: one agent that plans, gives out work to others and checks it. It never starts unasked; once started it is started again when it dies, until it is stopped.",
  examples: [
    "muster orchestrator start --dir . --model opus",
    'muster orchestrator inject "first the failing test"',
    "muster orchestrator status --json",
  ],
  flags: {
    agent: { type: "string", value: "DRIVER", default: "claude", help: "start: claude, standin, mock:FILE" },
    dir: { type: "string", short: "d", value: "PATH", help: "start: working folder (here)" },
    sandbox: { type: "string", short: "s", value: "LEVEL", help: "start: what it and its agents may do at most" },
    model: { type: "string", short: "m", value: "NAME", help: "start: the CLI's own model name" },
    reasoning: { type: "string", short: "r", value: "LEVEL", help: "start: low, medium, high, xhigh" },
    command: { type: "string", value: "CMD", help: "start: the program to run instead of the driver's own" },
    trust: { type: "boolean", help: "start: you have read this repository's agent configuration and agree" },
  },
  takes: [0, 2],
  async run(call) {
    const [act = "status", more] = call.words;
    const run = Object.hasOwn(ACTS, act) ? ACTS[act] : undefined;
    if (!run) throw new Refusal("usage", `orchestrator ${act} is nothing`, Object.keys(ACTS).join(", "));
    if (more !== undefined && act !== "inject" && act !== "note")
      throw new Refusal("usage", `orchestrator ${act} takes no ${more}`, `muster orchestrator ${act}`);
    await run(call);
    return 0;
  },
};
