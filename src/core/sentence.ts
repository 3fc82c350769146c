import { BOARD_SAYINGS } from "./boards/sentences.ts";
import { BRIDGE_SAYINGS } from "./bridges/sentences.ts";
import { CADENCE_SAYINGS } from "./cadence/sentences.ts";
import { CONFIG_SAYINGS } from "./config/sentences.ts";
import { ERRAND_SAYINGS } from "./errands/sentences.ts";
import type { Event, FactOf, FactType } from "./facts.ts";
import { JOB_SAYINGS } from "./jobs/sentences.ts";
import { LEAD_SAYINGS } from "./lead/sentences.ts";
import { withoutFence } from "./letter/form.ts";
import { LIMIT_SAYINGS } from "./limits/sentences.ts";
import { PUSH_SAYINGS } from "./push/sentences.ts";
import { QUEUE_SAYINGS } from "./queue/sentences.ts";
import { namesOf } from "./review.ts";
import { RFD_SAYINGS } from "./rfd/sentences.ts";
import { nameOf, plain, quiet, type Say, type Sayings, type Sentence } from "./saying.ts";
import type { State } from "./state.ts";
import { preview } from "./text.ts";
import { toolInput } from "./tool-input.ts";
import { TRIGGER_SAYINGS } from "./triggers/sentences.ts";

/** Why a message died that its own result made useless: nothing that anybody must know of. */
export const OVERTAKEN = "its result came first";

function exitText({ code, signal }: FactOf<"terminal.exited">): string {
  if (signal !== null) return `ended by signal ${signal}`;
  return code === null ? "its terminal was closed" : `exited with code ${code}`;
}

const stepText = ({ step }: FactOf<"patch.stepped">): string => {
  const { command, code, millis } = step;
  if (code === null) return `${step.step}: nothing to run`;
  return `${step.step}${command ? ` (${command})` : ""}: ${code === 0 ? "ok" : `failed, rc=${code}`}, ${(millis / 1000).toFixed(1)} s`;
};

const SENTENCES: Sayings<FactType> = {
  ...BOARD_SAYINGS,
  ...BRIDGE_SAYINGS,
  ...CADENCE_SAYINGS,
  ...CONFIG_SAYINGS,
  ...ERRAND_SAYINGS,
  ...LEAD_SAYINGS,
  ...LIMIT_SAYINGS,
  ...JOB_SAYINGS,
  ...PUSH_SAYINGS,
  ...QUEUE_SAYINGS,
  ...TRIGGER_SAYINGS,
  ...RFD_SAYINGS,
  "daemon.started": (event) => quiet(`daemon ${event.version} started`),
  "agent.hired": ({ hire }) => ({
    ...plain(`hired: ${hire.driver}, ${hire.permission}`),
    who: hire.seat ?? hire.agent,
  }),
  "agent.changed": (event) => {
    // What a limit is, its own fact says; the detail is the CLI's name for it.
    const detail = event.activity === "limited" ? "" : event.detail;
    const text = `is ${event.activity}${detail ? `: ${detail}` : ""}`;
    return event.activity === "waiting" || event.activity === "limited" ? { tone: "warn", text } : quiet(text);
  },
  "agent.abandoned": () => ({ tone: "bad", text: "crashed too often: it waits for you" }),
  "agent.restarted": () => plain("started again on request"),
  "agent.dismissed": (event) => plain(`ended: ${event.reason}`),
  "terminal.opening": (event) =>
    quiet(`terminal opening${event.incarnation > 1 ? ` (start ${event.incarnation})` : ""}`),
  "terminal.opened": (event) => quiet(`terminal open, process ${event.pid}`),
  "terminal.exited": (event, state) => {
    const isWanted = state.agents[event.agent]?.dismissed !== undefined || event.code === 0;
    return { tone: isWanted ? "quiet" : "bad", text: exitText(event) };
  },
  "terminal.lost": (event) => ({ tone: "bad", text: `lost: ${event.reason}` }),
  "terminal.captured": () => quiet("its last screen is kept: muster capture"),
  "session.started": (event) => quiet(`session ${event.session}`),
  "session.compacted": () => quiet("its context is compacted"),
  "usage.measured": (event) => quiet(`context ${event.contextTokens} tokens`),
  "hook.heard": (event) => quiet(`${event.event}${event.tool ? ` ${event.tool}` : ""}`),
  "hook.failed": (event) => ({ tone: "bad", text: `its prompt hook does not work: ${event.reason}` }),
  "job.created": (event) => plain(`job: ${event.prompt}`),
  "job.finished": (event) => {
    const text = `job ${event.outcome}${event.reason ? `: ${event.reason}` : ""}`;
    return { tone: event.outcome === "completed" ? "good" : "bad", text };
  },
  "turn.started": () => quiet("works"),
  "turn.ended": (event) => ({
    tone: ({ done: "quiet", failed: "bad", limited: "warn" } as const)[event.outcome],
    text: `turn ${event.outcome}${event.summary ? `: ${event.summary}` : ""}`,
  }),
  "permission.asked": (event) => ({ tone: "warn", text: `asks to use ${event.tool}: ${toolInput(event.input)}` }),
  "permission.answered": (event) => plain(`answered: ${event.choice}${event.reason ? ` (${event.reason})` : ""}`),
  "dialog.pressed": ({ pressed, label }) => plain(`key into its dialog: ${pressed} (${label})`),
  "permission.told": (event) => quiet(event.ok ? "the dialog got the answer" : "nobody waited for the answer any more"),
  "control.requested": (event) => quiet(`${event.action} requested`),
  "control.typed": () => quiet("control typed"),
  "control.finished": (event) =>
    event.ok ? quiet("control done") : { tone: "warn", text: `not done: ${event.reason}` },
  "message.queued": (event, state) => ({
    tone: event.kind === "system" ? "quiet" : "plain",
    who: nameOf(state, event.from),
    text: `→ ${nameOf(state, event.to)}: ${withoutFence(event.preview)}`,
  }),
  "message.stored": () => quiet("letter stored"),
  "message.waiting": (event) => quiet(`waits: ${event.reason}`),
  "message.typing": (event) =>
    event.attempt > 1 ? { tone: "warn", text: `typed again (${event.attempt})` } : quiet("typed"),
  "message.delivered": (event) => quiet(`delivered (${event.evidence})`),
  "message.uncertain": (event) => ({ tone: "warn", text: `uncertain: ${event.reason}` }),
  "message.died": (event) => {
    const text = `not delivered: ${event.reason}`;
    return event.reason === OVERTAKEN ? quiet(text) : { tone: "bad", text };
  },
  "message.read": () => quiet("read"),
  "message.nacked": (event) => ({ tone: "warn", text: `given back by its reader: ${event.reason}` }),
  "message.restored": () => quiet("lies in the inbox again"),
  "message.answered": (event) => quiet(`answered by ${event.answer}`),
  "message.held": (event) => ({ tone: "warn", text: `held (${event.rule}): ${event.reason}` }),
  "message.released": () => quiet("released"),
  "letter.found": (event) => ({ ...plain(`a file lies in its inbox: ${event.file}`), who: event.seat }),
  "letter.refused": (event) => ({
    tone: "warn",
    who: event.seat,
    text: `letter ${event.file} refused: ${event.reason}`,
  }),
  "team.formed": (event) =>
    plain(`team formed: ${event.seats.map((seat) => `${seat.seat} (${seat.driver})`).join(", ")}`),
  "team.stopped": (event) => plain(`team ended: ${event.reason}`),
  "team.paused": () => ({ tone: "warn", text: "paused: letters gather in the inboxes" }),
  "team.resumed": () => plain("resumed"),
  "team.tuned": (event) => plain(`${event.switch} is ${event.isOn ? "on" : "off"}`),
  "team.focused": (event) => plain(event.hint ? `focus: ${event.hint}` : "the board is to be looked after"),
  "settings.loaded": (event) =>
    event.warnings.length > 0
      ? { tone: "warn", text: `settings: ${event.warnings.join("; ")}` }
      : quiet("settings read"),
  "settings.refused": (event) => ({ tone: "bad", text: `settings stay as they were: ${event.errors.join("; ")}` }),
  "patch.received": (event, state) =>
    plain(`patch by ${nameOf(state, event.author)}: ${event.title}, ${event.lines} lines, ${event.paths.join(" ")}`),
  "patch.waiting": (event) => quiet(`waits: ${event.reason}`),
  "patch.reopened": (event) => plain(`taken up again: ${event.rfd} was approved`),
  "patch.stepped": (event) => ({
    tone: event.step.code === null || event.step.code === 0 ? "plain" : "bad",
    text: stepText(event),
  }),
  "patch.refused": (event) => ({ tone: "bad", text: `refused (${event.kind}): ${event.reason}` }),
  "patch.committed": (event) => ({ tone: "good", text: `committed ${event.commit.slice(0, 10)} on ${event.branch}` }),
  "evidence.cited": (event) => quiet(`refers to ${event.ref}`),
  "evidence.judged": (event) => {
    const tone = { verified: "good", claimed: "plain", refuted: "bad" } as const;
    return {
      tone: tone[event.verdict],
      text: `evidence ${event.ref}: ${event.verdict}${event.detail ? ` (${event.detail})` : ""}`,
    };
  },
  "repository.reviewed": (event) => ({ tone: "warn", text: `brings agent configuration: ${namesOf(event.files)}` }),
  "repository.trusted": () => plain("its agent configuration was agreed to"),
  "repository.permitted": () => ({ tone: "bad", text: "full access is allowed here from now on" }),
  "notice.raised": (event) => ({
    tone: event.level === "info" ? "plain" : event.level === "warning" ? "warn" : "bad",
    text: event.text,
  }),
  "notice.read": () => quiet("notifications were read"),
};

/** Whom a fact is about, when its sentence does not say so itself. */
function subject(state: State, event: Event): string {
  const known = event as Partial<Record<"patch" | "agent" | "mid" | "job" | "team" | "repo", string>>;
  if (known.patch) return known.patch;
  if (known.agent) return nameOf(state, known.agent);
  if (known.mid) {
    const message = state.messages[known.mid];
    return message ? `${nameOf(state, message.from)} → ${nameOf(state, message.to)}` : known.mid;
  }
  return known.job ?? known.team ?? known.repo ?? "Muster";
}

/** One line for people about one fact; the same in terminal and page. Texts are one line and safe to print. */
export function sentence(event: Event, state: State): Sentence {
  const say = SENTENCES[event.type] as Say<FactType> | undefined;
  const said: ReturnType<Say<FactType>> = say?.(event, state) ?? quiet(event.type);
  return { tone: said.tone, who: preview(said.who ?? subject(state, event), 40), text: preview(said.text, 400) };
}
