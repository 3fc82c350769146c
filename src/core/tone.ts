import type { Event } from "./facts.ts";
import type { State } from "./state.ts";

/** How a fact sounds to a person; `quiet` ones are shown on request only. */
export type Tone = "good" | "bad" | "warn" | "plain" | "quiet";

const FIXED: Partial<Record<Event["type"], Tone>> = {
  "agent.hired": "plain",
  "agent.dismissed": "plain",
  "terminal.lost": "bad",
  "job.created": "plain",
  "permission.asked": "warn",
  "permission.answered": "plain",
  "message.uncertain": "warn",
  "message.died": "bad",
  "letter.refused": "warn",
  "team.formed": "plain",
  "team.stopped": "plain",
  "patch.received": "plain",
  "patch.refused": "bad",
  "patch.committed": "good",
  "repository.reviewed": "warn",
  "repository.trusted": "plain",
};

const VERDICTS = { verified: "good", claimed: "plain", refuted: "bad" } as const;
const LEVELS = { info: "plain", warning: "warn", error: "bad" } as const;

/** The tone of a fact, from what it says. */
export function toneOf(event: Event, state: State): Tone {
  switch (event.type) {
    case "agent.changed":
      return event.activity === "waiting" || event.activity === "limited" ? "warn" : "quiet";
    case "terminal.exited":
      return state.agents[event.agent]?.dismissed !== undefined || event.code === 0 ? "quiet" : "bad";
    case "job.finished":
      return event.outcome === "completed" ? "good" : "bad";
    case "turn.ended":
      return event.outcome === "done" ? "quiet" : "bad";
    case "control.finished":
      return event.ok ? "quiet" : "warn";
    case "message.queued":
      return event.kind === "system" ? "quiet" : "plain";
    case "message.typing":
      return event.attempt > 1 ? "warn" : "quiet";
    case "patch.stepped":
      return event.step.code === null || event.step.code === 0 ? "plain" : "bad";
    case "evidence.judged":
      return VERDICTS[event.verdict];
    case "notice.raised":
      return LEVELS[event.level];
    default:
      return FIXED[event.type] ?? "quiet";
  }
}
