import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { callerEnvironment } from "../core/environment.ts";
import { LEAD } from "../core/ids.ts";
import type { LeadStatus, LeadView } from "../core/lead/view.ts";
import { Refusal } from "../core/refusal.ts";
import { type Call, type CommandSpec, isSet, text } from "./command.ts";
import { driverFrom, programFor } from "./programs.ts";
import { permissionOf, reasoningOf, tagsFrom } from "./start.ts";
import { type Colour, line, paint, table } from "./style.ts";

const COLOURS: Record<LeadStatus, Colour> = {
  idle: "green",
  working: "blue",
  warned: "yellow",
  clearing: "yellow",
  resuming: "yellow",
  stopped: "dim",
};

/** The lead that is named behind the act; the server says which there can be. */
const leadNamed = ({ words, flags }: Call): string | undefined => text(flags, "lead") ?? words[1];

async function start(call: Call): Promise<void> {
  const { flags, cwd, env, daemon, isJson, print } = call;
  const agent = text(flags, "agent") ?? "claude";
  const client = await daemon();
  const started = await client.post<{ agent: string }>("/api/orchestrator/start", {
    ...{ lead: leadNamed(call), tags: tagsFrom(text(flags, "tags")) },
    agent: driverFrom(agent, cwd),
    cwd: resolve(cwd, text(flags, "dir") ?? "."),
    sandbox: permissionOf(text(flags, "sandbox")),
    model: text(flags, "model"),
    reasoning: reasoningOf(text(flags, "reasoning")),
    command: text(flags, "command") ?? programFor(agent, env),
    trust: isSet(flags, "trust"),
    environment: callerEnvironment(env),
  });
  const id = started.agent;
  const next = [
    ["Status", "muster orchestrator status"],
    ["Say", `muster orchestrator inject "message"${id === LEAD ? "" : ` --lead ${id}`}`],
    ["Attach", `muster attach ${id}`],
  ].map(([what, how]) => `  ${paint("dim", `${what}:`.padEnd(8))} ${how}`);
  print(isJson ? JSON.stringify(started) : [`Lead started: ${paint("bold", id)}`, ...next].join("\n"));
}

function shown(view: LeadView): string {
  const { id, status, context_pct: percent, active_agents: agents, notes, tags } = view;
  const rows = [
    ["Lead", `${id === LEAD ? "" : `${id} `}${paint(COLOURS[status], status)}`],
    ...(tags.length > 0 ? [["For", tags.join(", ")]] : []),
    ["Context", percent === null ? "unknown" : `${percent} %`],
    ["Since", view.started_at ?? "never started"],
    ["Task", view.current_task ? `#${view.current_task.id} ${line(view.current_task.description)}` : "none"],
    ["Agents", agents.length === 0 ? "none at work" : `${agents.length} at work`],
    ...agents.map(({ id, prompt }) => ["", `${id}  ${line(prompt)}`]),
    ["Notes", notes ? line(notes) : "none"],
  ];
  const hint =
    status === "stopped"
      ? `\n\n${paint("dim", `muster orchestrator start${id === LEAD ? "" : ` ${id}`} begins ${id === LEAD ? "one" : "it"}`)}`
      : "";
  return `${table(rows.map(([name = "", value = ""]) => [paint("dim", name), value]))}${hint}`;
}

/** One row for each lead; the one that leads is marked. */
function leadsTable(views: LeadView[]): string {
  const head = ["LEAD", "STATUS", "CONTEXT", "FOR", "AGENTS", "TASK"].map((title) => paint("dim", title));
  const rows = views.map(({ id, is_leader, status, context_pct: percent, tags, active_agents, current_task: task }) => [
    ...[`${id}${is_leader ? " *" : ""}`, paint(COLOURS[status], status), percent === null ? "unknown" : `${percent} %`],
    ...[
      tags.join(", ") || "all",
      String(active_agents.length),
      task ? `#${task.id} ${line(task.description)}` : "none",
    ],
  ]);
  const legend = paint("dim", "* leads: what triggers and you say to the lead goes to it");
  return `${table([head, ...rows])}\n\n${legend}`;
}

/** One lead in full; of several, unless one is named, a row of each. */
async function status(call: Call): Promise<void> {
  const { daemon, isJson, print } = call;
  const client = await daemon();
  const named = leadNamed(call);
  const query = named === undefined ? "" : `?lead=${encodeURIComponent(named)}`;
  const view = await client.get<LeadView>(`/api/orchestrator/status${query}`);
  const views = named === undefined ? await client.get<LeadView[]>("/api/orchestrator/leads") : [view];
  const isMany = views.filter((one) => one.status !== "stopped").length > 1;
  if (isJson) return print(JSON.stringify(named === undefined ? { ...view, leads: views } : view, null, 1));
  print(isMany ? leadsTable(views) : shown(view));
}

async function stop(call: Call): Promise<void> {
  const { daemon, isJson, print } = call;
  const stopped = await (await daemon()).post<{ agents: string[] }>("/api/orchestrator/stop", {
    lead: leadNamed(call),
  });
  const { agents } = stopped;
  const who = agents.length > 1 ? `${agents.join(", ")} have ended. Their` : `${nameOf(agents[0])} has ended. Its`;
  print(isJson ? JSON.stringify(stopped) : `${who} agents work on; muster jobs lists them.`);
}

/** At the beginning of a sentence. */
const nameOf = (lead = LEAD): string => (lead === LEAD ? "The lead" : lead);

/** `inject TEXT` and `note TEXT`; `-` reads standard input. */
async function say({ words, flags, daemon, isJson, print }: Call, act: "inject" | "note"): Promise<void> {
  const given = words[1] === "-" ? readFileSync(0, "utf8").trim() : (words[1] ?? "");
  if (given.trim() === "") throw new Refusal("usage", "there is no text", `muster orchestrator ${act} "text"`);
  const client = await daemon();
  const lead = text(flags, "lead");
  const body = act === "note" ? { text: given, lead } : { message: given, lead };
  const said = await client.post(`/api/orchestrator/${act}`, body);
  print(isJson ? JSON.stringify(said) : act === "note" ? "noted" : `sent to ${lead ?? "the lead"}`);
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
  usage: "orchestrator start|stop|status [LEAD] | inject TEXT | note TEXT",
  summary:
    "The lead: one agent that plans, gives out work to others and checks it. It never starts unasked; once started it is started again when it dies, until it is stopped. More leads, orch-2 to orch-9, share its queue: a task goes to the free one that is for its tags; stop without a name ends all.",
  examples: [
    "muster orchestrator start --dir . --model opus",
    'muster orchestrator inject "first the failing test"',
    "muster orchestrator status --json",
    "muster orchestrator start orch-2 --tags frontend,docs",
  ],
  flags: {
    agent: { type: "string", value: "DRIVER", default: "claude", help: "start: claude, standin, mock:FILE" },
    dir: { type: "string", short: "d", value: "PATH", help: "start: working folder (here)" },
    sandbox: { type: "string", short: "s", value: "LEVEL", help: "start: what it and its agents may do at most" },
    model: { type: "string", short: "m", value: "NAME", help: "start: the CLI's own model name" },
    reasoning: { type: "string", short: "r", value: "LEVEL", help: "start: low, medium, high, xhigh" },
    command: { type: "string", value: "CMD", help: "start: the program to run instead of the driver's own" },
    tags: { type: "string", value: "TAG[,TAG]", help: "start: what it is for; it gets the tasks with these tags" },
    lead: { type: "string", value: "LEAD", help: "inject, note: to this one instead of the one that leads" },
    trust: { type: "boolean", help: "start: you have read this repository's agent configuration and agree" },
  },
  takes: [0, 2],
  async run(call) {
    const [act = "status", more] = call.words;
    const run = Object.hasOwn(ACTS, act) ? ACTS[act] : undefined;
    if (!run) throw new Refusal("usage", `orchestrator ${act} is nothing`, Object.keys(ACTS).join(", "));
    if (more !== undefined && text(call.flags, "lead") !== undefined && act !== "inject" && act !== "note")
      throw new Refusal("usage", `two leads are named: ${more} and --lead`, `muster orchestrator ${act} ${more}`);
    await run(call);
    return 0;
  },
};
