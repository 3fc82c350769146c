import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { callerEnvironment } from "../core/environment.ts";
import type { QueueLimits } from "../core/queue/facts.ts";
import type { TaskRow, TaskStatus } from "../core/queue/view.ts";
import { Refusal } from "../core/refusal.ts";
import { type Call, type CommandSpec, isSet, text } from "./command.ts";
import { driverFrom } from "./programs.ts";
import { permissionOf, reasoningOf, tagsFrom } from "./start.ts";
import { type Colour, duration, line, paint, table } from "./style.ts";

const COLOURS: Record<TaskStatus, Colour> = {
  pending: "yellow",
  waiting: "yellow",
  interrupted: "yellow",
  processing: "blue",
  completed: "green",
  failed: "red",
  cancelled: "dim",
};

const whole = (given: string, what: string): number => {
  if (/^-?\d{1,9}$/.test(given)) return Number(given);
  throw new Refusal("usage", `${what} ${given} is not a whole number`, "give one, such as 10");
};

/** `3`, `#3`: the number of a task. */
function taskNumber(given: string | undefined, act: string): number {
  const [, number] = /^#?([1-9]\d{0,8})$/.exec(given ?? "") ?? [];
  if (number !== undefined) return Number(number);
  throw new Refusal("usage", `${given ?? "nothing"} is no task`, `muster queue ${act} 3; muster queue lists them`);
}

/** `--after 1,2`; an empty text = after none. */
const parents = (given: string | undefined): number[] | undefined =>
  given
    ?.split(",")
    .filter(Boolean)
    .map((one) => taskNumber(one.trim(), "add --after"));

async function add({ words, flags, cwd, env, daemon, isJson, print }: Call): Promise<void> {
  const prompt = words[1] === "-" ? readFileSync(0, "utf8") : (words[1] ?? "");
  if (prompt.trim() === "") throw new Refusal("usage", "the prompt is empty", 'muster queue add "what to do"');
  const agent = text(flags, "agent");
  const isDirect = isSet(flags, "direct");
  const added = await (await daemon()).post<{ task: number }>("/api/queue/tasks", {
    ...{ prompt, cwd: resolve(cwd, text(flags, "dir") ?? "."), direct: isDirect },
    agent: agent === undefined ? undefined : driverFrom(agent, cwd),
    priority: whole(text(flags, "priority") ?? "0", "--priority"),
    after: parents(text(flags, "after")),
    retries: whole(text(flags, "retries") ?? "0", "--retries"),
    tags: tagsFrom(text(flags, "tags")),
    ...{ sandbox: permissionOf(text(flags, "sandbox")), model: text(flags, "model") },
    ...{ reasoning: reasoningOf(text(flags, "reasoning")), trust: isSet(flags, "trust") },
    environment: callerEnvironment(env),
  });
  const next = isDirect ? "it begins as soon as there is room" : "the lead gets it in its turn";
  print(isJson ? JSON.stringify(added) : `${paint("bold", `#${added.task}`)} waits; ${next}`);
}

const elapsed = ({ startedAt, finishedAt }: TaskRow, now: number): string =>
  startedAt === undefined ? "" : duration((finishedAt ?? now) - startedAt);

/** What a row is about: what it waits for, what came out, or what it does. */
const whatOf = ({ prompt, waits, result, status }: TaskRow): string => {
  if (waits) return `${waits.reason}: ${prompt}`;
  return result && status !== "processing" ? `${prompt} → ${result}` : prompt;
};

function tasksTable(rows: TaskRow[], now: number): string {
  const head = ["TASK", "STATUS", "PRIO", "AGENT", "ELAPSED", "WHAT"].map((title) => paint("dim", title));
  const cells = rows.map((row) => [
    ...[`#${row.task}`, paint(COLOURS[row.status], row.status), String(row.priority)],
    ...[row.agent ?? (row.direct ? "direct" : "lead"), elapsed(row, now), line(whatOf(row))],
  ]);
  return table([head, ...cells]);
}

const EMPTY = `Nothing waits. muster queue add "what to do" adds a task for the lead;
with --direct an agent is started for it.`;

/** Rows shown of what is over, unless all are asked for. */
const OVER_SHOWN = 10;

async function list({ flags, daemon, isJson, print }: Call): Promise<void> {
  const status = text(flags, "status");
  if (status !== undefined && !Object.hasOwn(COLOURS, status))
    throw new Refusal("usage", `${status} is no status`, Object.keys(COLOURS).join(", "));
  const query = status === undefined ? "" : `?status=${status}`;
  const rows = await (await daemon()).get<TaskRow[]>(`/api/queue/tasks${query}`);
  if (isJson) return print(JSON.stringify(rows, null, 1));
  if (rows.length === 0) return print(status === undefined ? EMPTY : `No task is ${status}.`);
  const isAll = isSet(flags, "all") || status !== undefined;
  const over = rows.filter(({ finishedAt }) => finishedAt !== undefined);
  const hidden = isAll ? 0 : Math.max(0, over.length - OVER_SHOWN);
  const shown = hidden === 0 ? rows : rows.slice(0, rows.length - hidden);
  const more = hidden > 0 ? `\n${paint("dim", `${hidden} more are over: --all`)}` : "";
  print(`${tasksTable(shown, Date.now())}${more}`);
}

async function show({ words, daemon, isJson, print }: Call): Promise<void> {
  const row = await (await daemon()).get<TaskRow>(`/api/queue/tasks/${taskNumber(words[1], "show")}`);
  if (isJson) return print(JSON.stringify(row, null, 1));
  const after = row.after.map((task) => `#${task}`).join(", ") || "none";
  const rows = [
    ["Task", `#${row.task}`],
    ["Status", paint(COLOURS[row.status], row.status)],
    ...(row.waits ? [["Waits", `${row.waits.reason}; ${row.waits.hint}`]] : []),
    ["Priority", String(row.priority)],
    ["After", after],
    ...(row.tags.length > 0 ? [["Tags", row.tags.join(", ")]] : []),
    ["Who", row.agent ?? (row.direct ? "an agent of its own" : "the lead")],
    ["Attempts", `${row.attempts}${row.interruptions > 0 ? `, ${row.interruptions} interrupted` : ""}`],
    ["Result", row.result || "none yet"],
  ];
  print(`${table(rows.map(([name = "", value = ""]) => [paint("dim", name), line(value)]))}\n\n${row.prompt}`);
}

async function remove({ words, flags, daemon, isJson, print }: Call): Promise<void> {
  const task = taskNumber(words[1], "remove");
  const force = isSet(flags, "force") ? "?force=true" : "";
  const removed = await (await daemon()).delete(`/api/queue/tasks/${task}${force}`);
  print(isJson ? JSON.stringify(removed) : `#${task} is removed`);
}

async function retry({ words, daemon, isJson, print }: Call): Promise<void> {
  const path = `/api/queue/tasks/${taskNumber(words[1], "retry")}/retry`;
  const { tasks } = await (await daemon()).post<{ tasks: number[] }>(path, {});
  print(isJson ? JSON.stringify({ tasks }) : `${tasks.map((task) => `#${task}`).join(", ")} will be tried again`);
}

async function done({ words, flags, daemon, isJson, print }: Call): Promise<void> {
  const task = taskNumber(words[1], "done");
  const body = { failed: isSet(flags, "failed"), result: text(flags, "result") ?? "" };
  const ended = await (await daemon()).post<{ outcome: string }>(`/api/queue/tasks/${task}/done`, body);
  print(isJson ? JSON.stringify(ended) : `#${task} is ${ended.outcome}`);
}

async function edit({ words, flags, daemon, isJson, print }: Call): Promise<void> {
  const task = taskNumber(words[1], "edit");
  const given = flags.priority === undefined ? undefined : whole(text(flags, "priority") ?? "", "--priority");
  const body = { priority: given, after: parents(text(flags, "after")), tags: tagsFrom(text(flags, "tags")) };
  if (Object.values(body).every((one) => one === undefined))
    throw new Refusal("usage", "nothing to change", "--priority N, --after ID[,ID], --tags TAG[,TAG]");
  const row = await (await daemon()).post<TaskRow>(`/api/queue/tasks/${task}/place`, body);
  print(isJson ? JSON.stringify(row, null, 1) : tasksTable([row], Date.now()));
}

async function limits({ flags, daemon, isJson, print }: Call): Promise<void> {
  const wanted = (name: string): number | undefined => {
    const given = text(flags, name);
    return given === undefined ? undefined : whole(given, `--${name}`);
  };
  const body = { parallel: wanted("parallel"), maxRunning: wanted("max-running"), timeoutMinutes: wanted("timeout") };
  const isChange = Object.values(body).some((value) => value !== undefined);
  const client = await daemon();
  const path = "/api/queue/limits";
  const now = isChange ? await client.post<QueueLimits>(path, body) : await client.get<QueueLimits>(path);
  const rows = [
    ["Direct tasks at a time", String(now.parallel), "--parallel"],
    ["Jobs at a time", String(now.maxRunning), "--max-running"],
    ["Minutes for one task", String(now.timeoutMinutes), "--timeout"],
  ];
  print(
    isJson
      ? JSON.stringify(now)
      : table(rows.map(([name = "", value = "", how = ""]) => [name, value, paint("dim", how)])),
  );
}

const ACTS: Record<string, (call: Call) => Promise<void>> = { list, add, show, remove, retry, done, edit, limits };

export const command: CommandSpec = {
  name: "queue",
  usage: "queue [list] | add PROMPT|- | show|remove|retry|done|edit TASK | limits",
  summary:
    "Tasks that wait for an agent. The lead gets them one by one; with --direct an agent is started for each. The highest priority first, then the oldest; nothing before what it comes --after.",
  examples: [
    'muster queue add "Implement user profiles" --priority 10',
    'muster queue add "Review it" --after 1 --direct --agent claude',
    "muster queue list --status failed",
    'muster queue done 3 --result "commit abc1234"',
  ],
  flags: {
    priority: { type: "string", value: "N", help: "add, edit: higher comes first (0)" },
    after: { type: "string", value: "TASK,TASK", help: "add, edit: begins when these are completed" },
    tags: { type: "string", value: "TAG[,TAG]", help: "add, edit: of several leads, one that is for these gets it" },
    direct: { type: "boolean", help: "add: an agent of its own, no lead needed" },
    retries: { type: "string", value: "N", help: "add: tried again so often after a failure (0)" },
    agent: { type: "string", value: "DRIVER", help: "add: claude (default), standin, mock:FILE" },
    dir: { type: "string", short: "d", value: "PATH", help: "add: working folder (here)" },
    sandbox: {
      type: "string",
      short: "s",
      value: "LEVEL",
      help: "add: read-only, workspace-write, danger-full-access",
    },
    model: { type: "string", short: "m", value: "NAME", help: "add: the CLI's own model name" },
    reasoning: { type: "string", short: "r", value: "LEVEL", help: "add: low, medium, high, xhigh" },
    trust: { type: "boolean", help: "add: you have read this repository's agent configuration and agree" },
    status: { type: "string", value: "S", help: "list: only these" },
    all: { type: "boolean", help: "list: also all that are over" },
    force: { type: "boolean", help: "remove: also while an agent works on it, which ends" },
    failed: { type: "boolean", help: "done: it failed" },
    result: { type: "string", value: "TEXT", help: "done: what came out" },
    parallel: { type: "string", value: "N", help: "limits: direct tasks at a time (3)" },
    "max-running": { type: "string", value: "N", help: "limits: jobs at a time (15)" },
    timeout: { type: "string", value: "MIN", help: "limits: minutes for one task (240)" },
  },
  takes: [0, 2],
  async run(call) {
    const [act = "list", more] = call.words;
    const run = Object.hasOwn(ACTS, act) ? ACTS[act] : undefined;
    if (!run) throw new Refusal("usage", `queue ${act} is nothing`, Object.keys(ACTS).join(", "));
    if (more !== undefined && (act === "list" || act === "limits"))
      throw new Refusal("usage", `queue ${act} takes no ${more}`, `muster queue ${act}`);
    await run(call);
    return 0;
  },
};
