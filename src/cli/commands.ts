import type { CommandSpec } from "./command.ts";

/** Every command, loaded only when it is called: starting the CLI costs what one command costs. */
export const COMMANDS: Record<string, { summary: string; load: () => Promise<{ command: CommandSpec }> }> = {
  demo: { summary: "show the main job on built-in stand-in agents, without any key", load: () => import("./demo.ts") },
  init: { summary: "prepare this repository for a team", load: () => import("./init.ts") },
  upgrade: { summary: "add the settings that this version knows and yours lack", load: () => import("./upgrade.ts") },
  doctor: { summary: "say what is there and what is missing", load: () => import("./doctor.ts") },
  run: { summary: "start a team of two peers (or one), or come back to it", load: () => import("./run.ts") },
  roles: { summary: "who would sit where, and whether its program is there", load: () => import("./roles.ts") },
  stop: { summary: "end a team; mailbox and ledger stay", load: () => import("./stop.ts") },
  tui: { summary: "the console of a team on this terminal", load: () => import("./tui.ts") },
  say: { summary: "one line to a team, as in its console", load: () => import("./say.ts") },
  aux: { summary: "have the helper of a team do one thing", load: () => import("./aux.ts") },
  evidence: { summary: "run an evidence card: your own checks, kept", load: () => import("./evidence.ts") },
  attach: { summary: "enter an agent's terminal, or a team's window", load: () => import("./attach.ts") },
  reset: { summary: "empty what teams left in this repository", load: () => import("./reset.ts") },
  token: { summary: "keep a chat's token for this repository", load: () => import("./token.ts") },
  bridge: { summary: "chats of a team (their tokens; no live chats yet)", load: () => import("./bridge.ts") },
  start: { summary: "start one agent on one job", load: () => import("./start.ts") },
  send: { summary: "send a message to an agent", load: () => import("./send.ts") },
  answer: { summary: "answer a permission dialog", load: () => import("./answer.ts") },
  kill: { summary: "end an agent", load: () => import("./kill.ts") },
  tell: { summary: "for agents: write to the peer or the user, never lost", load: () => import("./tell.ts") },
  orchestrator: {
    summary: "the lead: an agent that commands the others",
    load: () => import("./orchestrator.ts"),
  },
  status: { summary: "teams and agents that live, or one of them", load: () => import("./status.ts") },
  jobs: { summary: "list agents and their jobs", load: () => import("./jobs.ts") },
  task: { summary: "the plan: every task, or one with its steps", load: () => import("./task.ts") },
  por: { summary: "the strategic board: its state, lint, portfolio", load: () => import("./por.ts") },
  subpor: { summary: "the sheets of single tasks", load: () => import("./subpor.ts") },
  ledger: { summary: "what happened, in order", load: () => import("./ledger.ts") },
  why: { summary: "why something did not happen", load: () => import("./why.ts") },
  stats: { summary: "what a team's work cost beside the work", load: () => import("./stats.ts") },
  watch: { summary: "follow a terminal until its job ends", load: () => import("./watch.ts") },
  capture: { summary: "the last lines of a terminal", load: () => import("./capture.ts") },
  output: { summary: "the whole terminal record", load: () => import("./output.ts") },
  dashboard: { summary: "the address of the page, with a one-time login", load: () => import("./dashboard.ts") },
  prove: { summary: "prove delivery on this machine", load: () => import("./prove.ts") },
  version: { summary: "version of the product and of its runtime", load: () => import("./version.ts") },
};

/** The order in which `muster --help` shows them. */
export const GROUPS = {
  "To begin": ["demo", "init", "upgrade", "doctor"],
  "A team": ["run", "roles", "tui", "say", "aux", "attach", "stop", "reset", "token", "bridge"],
  "Boards and plans": ["task", "por", "subpor", "evidence"],
  "An army": ["orchestrator"],
  "One agent": ["start", "send", "answer", "kill"],
  "What is going on": ["status", "jobs", "ledger", "why", "stats", "watch", "capture", "output", "dashboard"],
  More: ["tell", "prove", "version"],
} as const;
