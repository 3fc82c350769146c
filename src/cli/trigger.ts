import { resolve } from "node:path";
import { nearest } from "../core/nearest.ts";
import { Refusal } from "../core/refusal.ts";
import { ACTIONS } from "../core/triggers/actions.ts";
import { TRIGGER_TYPES } from "../core/triggers/condition.ts";
import type { TriggerRow } from "../core/triggers/view.ts";
import { type Call, type CommandSpec, count, isSet, text } from "./command.ts";
import { clockTime, duration, line, paint, table } from "./style.ts";

interface Tested extends TriggerRow {
  /** Does its condition hold? null = it is no measure. */
  holds: boolean | null;
  value?: number | null;
  hindered: string | null;
  would: string;
}

const path = (name: string | undefined, act = ""): string => `/api/triggers/${encodeURIComponent(name ?? "")}${act}`;

const named = (call: Call): string => {
  const [act, name] = call.words;
  if (name) return name;
  throw new Refusal("usage", `trigger ${act} needs a name`, `muster trigger ${act} NAME; muster trigger lists them`);
};

function payloadFrom(given: string | undefined): Record<string, unknown> | undefined {
  if (given === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(given);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new Refusal("usage", `--payload ${given} is no JSON object`, `--payload '{"prompt":"..."}'`);
}

const requireWord = (what: string, given: string | undefined, known: readonly string[]): string => {
  if (given !== undefined && known.includes(given)) return given;
  const meant = nearest(given ?? "", [...known]);
  throw new Refusal("usage", `${given ?? "nothing"} is no ${what}${meant ? `; ${meant}?` : ""}`, known.join(", "));
};

function manner({ flags }: Call) {
  return {
    autonomy:
      flags.autonomy === undefined ? undefined : requireWord("autonomy", text(flags, "autonomy"), ["auto", "confirm"]),
    cooldown: flags.cooldown === undefined ? undefined : count(flags, "cooldown", 2_678_400),
    repeat: isSet(flags, "repeat") || undefined,
    catchUp: isSet(flags, "catch-up") || undefined,
    ifDown: isSet(flags, "queue-if-down") ? "queue" : undefined,
  };
}

const nextOf = ({ next, waits }: TriggerRow, now: number): string =>
  next === undefined ? waits : `${clockTime(next)}, in ${duration(next - now)}`;

function shown(rows: TriggerRow[], now: number): string {
  const head = ["NAME", "WHEN", "THEN", "HOW", "FIRED", "NEXT"].map((title) => paint("dim", title));
  const cells = rows.map((row) => [
    row.isOn ? row.name : paint("dim", `${row.name} (off)`),
    ...[line(`${row.type} ${row.condition}`), line(row.action)],
    row.autonomy === "auto" ? paint("yellow", "auto") : "confirm",
    ...[row.fired === 0 ? "never" : `${row.fired}x`, line(nextOf(row, now))],
  ]);
  return table([head, ...cells]);
}

const EMPTY = `No triggers. muster trigger add review event job_completed queue_task --payload '{"prompt":"Review {{job.id}}"}'
adds one; muster mode activate dev brings a set of them.`;

async function list({ daemon, isJson, print }: Call): Promise<void> {
  const rows = await (await daemon()).get<TriggerRow[]>("/api/triggers");
  if (isJson) print(JSON.stringify(rows, null, 1));
  else print(rows.length === 0 ? EMPTY : shown(rows, Date.now()));
}

async function add(call: Call): Promise<void> {
  const { words, flags, cwd, daemon, isJson, print } = call;
  const [, name, type, condition, action] = words;
  if (!name || !condition)
    throw new Refusal("usage", "trigger add needs NAME TYPE CONDITION ACTION", command.examples[0]);
  const row = await (await daemon()).post<TriggerRow>("/api/triggers", {
    ...{
      name,
      type: requireWord("type", type, TRIGGER_TYPES),
      condition,
      action: requireWord("action", action, ACTIONS),
    },
    ...{ payload: payloadFrom(text(flags, "payload")), cwd: resolve(cwd, text(flags, "dir") ?? ".") },
    ...manner(call),
  });
  print(isJson ? JSON.stringify(row, null, 1) : `${shown([row], Date.now())}`);
}

async function edit(call: Call): Promise<void> {
  const { flags, cwd, daemon, isJson, print } = call;
  const action = text(flags, "action");
  const changes = {
    condition: text(flags, "condition"),
    action: action === undefined ? undefined : requireWord("action", action, ACTIONS),
    payload: payloadFrom(text(flags, "payload")),
    ...manner(call),
  };
  if (Object.values(changes).every((value) => value === undefined))
    throw new Refusal("usage", "nothing to change", "--condition, --action with --payload, --autonomy, --cooldown");
  const body = { ...changes, cwd: resolve(cwd, text(flags, "dir") ?? ".") };
  const row = await (await daemon()).post<TriggerRow>(path(named(call), "/edit"), body);
  print(isJson ? JSON.stringify(row, null, 1) : shown([row], Date.now()));
}

async function toggle(call: Call): Promise<void> {
  const row = await (await call.daemon()).post<TriggerRow>(path(named(call), "/toggle"), {});
  call.print(call.isJson ? JSON.stringify(row, null, 1) : `${row.name} is ${row.isOn ? "on" : "off"}`);
}

async function remove(call: Call): Promise<void> {
  const removed = await (await call.daemon()).delete<{ name: string }>(path(named(call)));
  call.print(call.isJson ? JSON.stringify(removed) : `${removed.name} is removed`);
}

async function tested(call: Call): Promise<void> {
  const row = await (await call.daemon()).post<Tested>(path(named(call), "/test"), {});
  if (call.isJson) return call.print(JSON.stringify(row, null, 1));
  const holds = row.holds === null ? "it has no measure" : row.holds ? "holds" : "does not hold";
  const rows = [
    ["Condition", `${row.condition}${row.value === undefined ? "" : ` (now ${row.value ?? "unknown"})`}: ${holds}`],
    ["Would", `${row.would}${row.autonomy === "confirm" ? ", after you agree" : ""}`],
    ["Now", row.hindered ?? row.waits],
  ];
  call.print(table(rows.map(([name = "", value = ""]) => [paint("dim", name), line(value)])));
}

const ACTS: Record<string, (call: Call) => Promise<void>> = { list, add, edit, toggle, remove, test: tested };

export const command: CommandSpec = {
  name: "trigger",
  usage: "trigger [list] | add NAME TYPE CONDITION ACTION | edit|toggle|remove|test NAME",
  summary:
    "Rules of your own: by the clock (cron), by a measure (threshold), or by what happens (event). With autonomy confirm, which is usual, a person is asked before anything is done.",
  examples: [
    `muster trigger add look event job_completed queue_task --payload '{"prompt":"Review {{job.id}}"}'`,
    `muster trigger add wake threshold "queue_depth >= 3" start_orchestrator --cooldown 300`,
    `muster trigger add hourly cron "0 * * * *" inject_prompt --payload '{"prompt":"Report in brief."}'`,
  ],
  flags: {
    payload: { type: "string", value: "JSON", help: "add, edit: what the action needs; {{job.id}} is replaced" },
    autonomy: { type: "string", value: "auto|confirm", help: "add, edit: act at once, or ask first (confirm)" },
    cooldown: { type: "string", value: "S", help: "add, edit: seconds before it may fire again (60)" },
    repeat: { type: "boolean", help: "threshold: again after each cooldown while it stays true" },
    "catch-up": { type: "boolean", help: "cron: once for what was missed while no daemon ran" },
    "queue-if-down": { type: "boolean", help: "inject_prompt without a lead: as a task" },
    condition: { type: "string", value: "TEXT", help: "edit: another condition" },
    action: { type: "string", value: "ACTION", help: "edit: another action, with its --payload" },
    dir: { type: "string", short: "d", value: "PATH", help: "queue_task: where its agent works (here)" },
  },
  takes: [0, 5],
  async run(call) {
    const [act = "list"] = call.words;
    const run = Object.hasOwn(ACTS, act) ? ACTS[act] : undefined;
    if (!run) throw new Refusal("usage", `trigger ${act} is nothing`, Object.keys(ACTS).join(", "));
    await run(call);
    return 0;
  },
};
