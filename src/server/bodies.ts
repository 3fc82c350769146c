import { DIALOG_KEYS } from "../core/dialog.ts";
import { BUDGET_FORMS, type Budget, budgetFrom } from "../core/jobs/budget.ts";
import { Refusal } from "../core/refusal.ts";
import { flag, list, Misshapen, number, object, oneOf, optional, type Shape, table, text } from "../core/shape.ts";

/** Keys that every object has would find functions where an id is looked up. */
const isId = (given: string): boolean => /^[A-Za-z0-9#._-]{1,64}$/.test(given) && !(given in Object.prototype);
const id = text({ pattern: { test: isId }, words: "letters, digits and # . _ -" });
const mid = text({ pattern: /^[A-Za-z0-9-]{1,64}$/, words: "letters, digits and -" });
const words = text({ min: 1 });
const base64 = text({ pattern: /^[A-Za-z0-9_-]{16,100}$/, words: "base64url is needed" });
const line = text({ min: 1, max: 4096 });
const sandbox = oneOf("read-only", "workspace-write", "danger-full-access");
const environment = table(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, text({ max: 65_536 }));
const seat = object({
  driver: line,
  command: optional(line),
  sandbox: optional(sandbox),
  model: optional(line),
  cwd: optional(line),
  env: optional(environment),
});
/** At most a month. */
const minutes = number(0.01, 43_200);
const budget: Shape<Budget> = {
  read(value, path) {
    const read = typeof value === "string" ? budgetFrom(value) : null;
    if (!read) throw new Misshapen(path, BUDGET_FORMS);
    return read;
  },
};
/** Read by whoever knows its form. */
const anything: Shape<unknown> = { read: (value) => value };
const binding = object({ driver: optional(line), sandbox: optional(sandbox) });

const kind = oneOf("cron", "threshold", "event");
const autonomy = oneOf("auto", "confirm");
const cooldown = number(0, 2_678_400, true);
const payload = table(/^[a-z_]{1,40}$/, anything);
const when = { type: kind, condition: line };
const what = { action: line, payload: optional(payload), cwd: line };
const manner = { repeat: optional(flag), catchUp: optional(flag), ifDown: optional(oneOf("queue", "skip")) };

const SHAPES = {
  nothing: object({}),
  login: object({ at: optional(line) }),
  start: object({
    prompt: words,
    cwd: line,
    agent: optional(line),
    sandbox: optional(sandbox),
    model: optional(line),
    reasoning: optional(oneOf("low", "medium", "high", "xhigh")),
    command: optional(line),
    parent: optional(id),
    after: optional(list(id)),
    worktree: optional(flag),
    environment: optional(environment),
    trust: optional(flag),
    timeout: optional(minutes),
    budget: optional(budget),
    allowUnenforced: optional(flag),
    plain: optional(flag),
    dry: optional(flag),
  }),
  reuse: object({ prompt: words, mid: optional(mid), force: optional(flag), timeout: optional(minutes) }),
  key: object({ key: oneOf("Escape", "C-c", "Enter", "Up", "Down") }),
  adopt: object({ agent: line }),
  read: object({ ids: optional(list(number(1, 1e15, true))), upTo: optional(number(0, 1e15, true)) }),
  cleanup: object({ maxAgeDays: number(0, 36_500), dry: optional(flag) }),
  send: object({ message: words, mid: optional(mid), urgent: optional(flag) }),
  kill: object({ completed: optional(flag) }),
  dialog: object({ screen: line, key: oneOf(...DIALOG_KEYS) }),
  answer: object({ question: line, choice: oneOf("allow", "deny"), reason: optional(text({ max: 4096 })) }),
  form: object({
    repo: line,
    name: optional(id),
    task: optional(words),
    peerA: seat,
    peerB: optional(seat),
    environment: optional(environment),
    trust: optional(flag),
    accept: optional(line),
    residual: optional(oneOf("resume", "archive", "discard")),
  }),
  bind: object({
    repo: line,
    bindings: table(/^[A-Za-z]{1,20}$/, binding),
    layout: optional(oneOf("standard", "solo", "quad")),
  }),
  upgrade: object({ repo: line, dry: optional(flag) }),
  reset: object({ repo: line, archive: optional(flag) }),
  repository: object({ repo: line }),
  sheet: object({
    ...{ repo: line, title: line, owner: line },
    ...{ slug: optional(line), timebox: optional(line), id: optional(text({ max: 64 })) },
  }),
  summon: object({
    ...{ lead: optional(id), tags: optional(list(line)) },
    ...{ cwd: line, agent: optional(line), sandbox: optional(sandbox), model: optional(line), command: optional(line) },
    ...{ reasoning: optional(oneOf("low", "medium", "high", "xhigh")), environment: optional(environment) },
    trust: optional(flag),
  }),
  task: object({
    ...{ prompt: words, cwd: line, priority: optional(number(-1_000_000, 1_000_000, true)), direct: optional(flag) },
    ...{ after: optional(list(number(1, 1e9, true))), retries: optional(number(0, 100, true)), agent: optional(line) },
    ...{
      sandbox: optional(sandbox),
      model: optional(line),
      reasoning: optional(oneOf("low", "medium", "high", "xhigh")),
    },
    ...{ environment: optional(environment), trust: optional(flag), tags: optional(list(line)) },
  }),
  done: object({ failed: optional(flag), result: optional(text({ max: 65_536 })) }),
  place: object({
    priority: optional(number(-1e6, 1e6, true)),
    after: optional(list(number(1, 1e9, true))),
    tags: optional(list(line)),
  }),
  limits: object({
    ...{ parallel: optional(number(1, 100, true)), maxRunning: optional(number(1, 1000, true)) },
    timeoutMinutes: optional(number(1, 100_000, true)),
  }),
  trigger: object({
    name: line,
    ...when,
    ...what,
    autonomy: optional(autonomy),
    cooldown: optional(cooldown),
    ...manner,
  }),
  changes: object({
    ...{
      type: optional(kind),
      condition: optional(line),
      action: optional(line),
      payload: optional(payload),
      cwd: optional(line),
    },
    ...{ autonomy: optional(autonomy), cooldown: optional(cooldown), ...manner },
  }),
  toggle: object({ on: optional(flag) }),
  comment: object({ comment: optional(text({ max: 4096 })) }),
  mode: object({ name: line, description: optional(text({ max: 400 })), empty: optional(flag) }),
  merge: object({ squash: optional(flag) }),
  discard: object({ force: optional(flag) }),
  retire: object({ lead: optional(id) }),
  inject: object({ message: words, lead: optional(id) }),
  note: object({ text: words, lead: optional(id) }),
  aux: object({ prompt: words, team: optional(id) }),
  evidence: object({ repo: line, card: table(/^.{0,200}$/s, anything), environment: optional(environment) }),
  device: object({
    ...{ endpoint: text({ min: 1, max: 2048 }), p256dh: base64, auth: base64 },
    label: optional(text({ max: 300 })),
  }),
  called: object({ device: optional(id) }),
  bridge: object({ repo: line, platform: line, act: oneOf("start", "stop", "restart") }),
  pair: object({ repo: line, right: optional(line), platform: optional(line) }),
  keys: object({ keys: line }),
  shutdown: object({ agents: optional(flag) }),
  console: object({ line: text({ min: 1, max: 1_000_000 }), channel: optional(oneOf("cli", "tui", "web")) }),
  stop: object({ reason: optional(line) }),
  letter: object({ to: id, text: words, from: optional(id), mid: optional(mid), urgent: optional(flag) }),
  exchange: object({ code: text({ min: 1, max: 128 }) }),
};

/** What each kind of body holds, once it was read. */
export type Bodies = { [K in keyof typeof SHAPES]: ReturnType<(typeof SHAPES)[K]["read"]> };

/** Checks a body by its kind; a Refusal names the key that is wrong. */
export function readAs<K extends keyof Bodies>(kind: K, body: unknown): Bodies[K] {
  const shape = SHAPES[kind] as Shape<unknown> & { keys: string[] };
  try {
    return shape.read(body, "") as Bodies[K];
  } catch (error) {
    if (!(error instanceof Misshapen)) throw error;
    const known = shape.keys.join(", ");
    throw new Refusal("usage", error.message, known ? `known: ${known}` : "send {}");
  }
}
