import type { Event } from "../core/facts.ts";
import { AUTOMATIC } from "../core/history/rows.ts";
import type { TaskNumber } from "../core/queue/facts.ts";
import { Refusal } from "../core/refusal.ts";
import { sentence } from "../core/sentence.ts";
import type { State } from "../core/state.ts";
import { parseAction } from "../core/triggers/actions.ts";
import { expanded, isOver, parseEvent, parseThreshold } from "../core/triggers/condition.ts";
import { modeNamed, triggerNamed } from "../core/triggers/decide.ts";
import type { TriggerSpec } from "../core/triggers/facts.ts";
import { hindrance } from "../core/triggers/firing.ts";
import { metricOf } from "../core/triggers/metrics.ts";
import { type Moment, modeRows, triggerRow, triggerRows } from "../core/triggers/view.ts";
import { isBeating, PULSE_MS } from "../engine/triggers/reactor.ts";
import type { Bodies } from "./bodies.ts";
import { type Call, get, numberOf, patch, post, type Route, remove } from "./route.ts";

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const momentOf = ({ parts }: Call): Moment => ({ now: parts.clock.now(), zone: ZONE });
const stateOf = ({ parts }: Call): State => parts.engine.state;
const nameIn = ({ params }: Call): string => params.id ?? "";

function specFrom(body: Bodies["trigger"]): TriggerSpec {
  const { name, type, condition, action, payload = {}, autonomy = "confirm", cooldown = 60, cwd, ...more } = body;
  return {
    ...{ name, type, condition, autonomy, cooldown, isOn: true },
    ...more,
    action: parseAction(action, payload, cwd),
  };
}

function add(call: Call, body: Bodies["trigger"]): unknown {
  call.parts.operations.dispatch({ do: "trigger", trigger: specFrom(body) }, call.by);
  return triggerRow(stateOf(call), triggerNamed(stateOf(call), body.name), momentOf(call));
}

/** What is not given stays. */
function edit(call: Call, body: Bodies["changes"]): unknown {
  const known = triggerNamed(stateOf(call), nameIn(call));
  const { action, payload, cwd, ...more } = body;
  const given = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined));
  if (action !== undefined && cwd === undefined)
    throw new Refusal("usage", "cwd: the folder in which the action works is needed", "an absolute path");
  const next = action === undefined ? known.action : parseAction(action, payload ?? {}, cwd ?? "");
  const { addedAt: _a, fired: _f, firedAt: _l, due: _d, isTrue: _t, skipped: _s, ...spec } = known;
  call.parts.operations.dispatch(
    { do: "trigger", trigger: { ...spec, ...given, action: next }, isEdit: true },
    call.by,
  );
  return triggerRow(stateOf(call), triggerNamed(stateOf(call), known.name), momentOf(call));
}

/** What would happen now; nothing does. */
function test(call: Call): unknown {
  const state = stateOf(call);
  const moment = momentOf(call);
  const trigger = triggerNamed(state, nameIn(call));
  const row = triggerRow(state, trigger, moment);
  const hindered = hindrance(state, trigger, moment.now);
  const would = expanded(row.action, {});
  if (trigger.type === "event")
    return { ...row, holds: null, hindered, would, event: parseEvent(trigger.condition).event };
  if (trigger.type === "cron") return { ...row, holds: null, hindered, would };
  const threshold = parseThreshold(trigger.condition);
  const value = metricOf(state, threshold.metric, moment.now);
  return { ...row, holds: value !== undefined && isOver(threshold, value), value: value ?? null, hindered, would };
}

const decide =
  (decision: "approve" | "reject") =>
  (call: Call, { comment }: Bodies["comment"]): unknown => {
    call.parts.operations.dispatch({ do: "approve", approval: nameIn(call), decision, comment }, call.by);
    return stateOf(call).triggers.approvals[nameIn(call)];
  };

/** Facts looked through for the newest of these. */
const LOOKED_THROUGH = 20_000;

function activity(call: Call): unknown {
  const { log, engine } = call.parts;
  const limit = numberOf(call.query, "limit", 50, 1000);
  const { seq } = engine.state;
  const rows: unknown[] = [];
  for (let end = seq; end > 0 && rows.length < limit && seq - end < LOOKED_THROUGH; end -= 1000) {
    const page = log.read(Math.max(0, end - 1000), Math.min(1000, end));
    for (const event of page.reverse() as Event[]) if (AUTOMATIC.test(event.type)) rows.push(told(event, engine.state));
  }
  return rows.slice(0, limit);
}

function told(event: Event, state: State) {
  const { seq, at, type, by, cause } = event;
  const { who, text, tone } = sentence(event, state);
  return { seq, at, type, by, cause, who, text, tone, task: (event as { task?: TaskNumber }).task };
}

const created = (call: Call, { name, description, empty }: Bodies["mode"]): unknown => {
  call.parts.operations.dispatch({ do: "mode", act: "create", name, description, isEmpty: empty }, call.by);
  return modeNamed(stateOf(call), name);
};

function modeShown(call: Call): unknown {
  const state = stateOf(call);
  const { name } = modeNamed(state, nameIn(call));
  return modeRows(state).find((row) => row.name === name);
}

const modeAct =
  (act: "activate" | "delete") =>
  (call: Call): unknown => {
    call.parts.operations.dispatch({ do: "mode", act, name: nameIn(call) }, call.by);
    return { name: nameIn(call) };
  };

const pulse =
  (isOn: boolean) =>
  (call: Call): unknown => {
    call.parts.operations.dispatch({ do: "pulse", isOn }, call.by);
    return { running: isOn };
  };

function pulseStatus(call: Call): unknown {
  const state = stateOf(call);
  const open = Object.values(state.triggers.approvals).filter(({ decided }) => !decided).length;
  const queue = metricOf(state, "queue_depth", momentOf(call).now);
  return {
    running: isBeating(state),
    every_ms: PULSE_MS,
    queue_depth: queue,
    triggers: Object.keys(state.triggers.all).length,
    approvals: open,
  };
}

/** Triggers, approvals, modes and the pulse (A79). */
export const TRIGGER_ROUTES: Route[] = [
  get("/api/triggers", "lead", (call) => triggerRows(stateOf(call), momentOf(call))),
  post("/api/triggers", "lead", "trigger", add, 201),
  get("/api/triggers/approvals", "lead", (call) => Object.values(stateOf(call).triggers.approvals)),
  post("/api/triggers/approvals/:id/approve", "person", "comment", decide("approve")),
  post("/api/triggers/approvals/:id/reject", "person", "comment", decide("reject")),
  get("/api/triggers/activity", "lead", activity),
  post("/api/triggers/:id/toggle", "person", "toggle", (call, { on }) => {
    call.parts.operations.dispatch({ do: "toggle", name: nameIn(call), isOn: on }, call.by);
    return triggerRow(stateOf(call), triggerNamed(stateOf(call), nameIn(call)), momentOf(call));
  }),
  post("/api/triggers/:id/test", "lead", "nothing", test),
  get("/api/triggers/:id", "lead", (call) =>
    triggerRow(stateOf(call), triggerNamed(stateOf(call), nameIn(call)), momentOf(call)),
  ),
  patch("/api/triggers/:id", "lead", "changes", edit),
  post("/api/triggers/:id/edit", "lead", "changes", edit),
  remove("/api/triggers/:id", "person", (call) => {
    call.parts.operations.dispatch({ do: "untrigger", name: nameIn(call) }, call.by);
    return { name: nameIn(call) };
  }),
  get("/api/modes", "lead", (call) => modeRows(stateOf(call))),
  get("/api/modes/active", "lead", (call) => ({ name: stateOf(call).triggers.active ?? null })),
  get("/api/modes/:id", "lead", modeShown),
  post("/api/modes", "person", "mode", created, 201),
  post("/api/modes/:id/activate", "lead", "nothing", modeAct("activate")),
  post("/api/modes/deactivate", "person", "nothing", (call) => {
    call.parts.operations.dispatch({ do: "deactivate" }, call.by);
    return { name: null };
  }),
  remove("/api/modes/:id", "person", modeAct("delete")),
  post("/api/pulse/start", "person", "nothing", pulse(true)),
  post("/api/pulse/stop", "person", "nothing", pulse(false)),
  get("/api/pulse/status", "lead", pulseStatus),
];
