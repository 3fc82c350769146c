import type { CommandSpec } from "./command.ts";

/** Every command, loaded only when it is called: starting the CLI costs what one command costs. */
export const COMMANDS: Record<string, { summary: string; load: () => Promise<{ command: CommandSpec }> }> = {
  demo: { summary: "show the main job on built-in stand-in agents, without any key", load: () => import("./demo.ts") },
  init: { summary: "prepare this repository for a team", load: () => import("./init.ts") },
  doctor: { summary: "say what is missing", load: () => import("./doctor.ts") },
  run: { summary: "start a team of two peers (or one) on this repository", load: () => import("./run.ts") },
  stop: { summary: "end a team; mailbox and ledger stay", load: () => import("./stop.ts") },
  start: { summary: "start one agent on one job", load: () => import("./start.ts") },
  jobs: { summary: "list agents and their jobs", load: () => import("./jobs.ts") },
  status: { summary: "one job, or an overview of the teams", load: () => import("./status.ts") },
  send: { summary: "send a message to an agent", load: () => import("./send.ts") },
  tell: { summary: "for agents: write to the peer or the user, never lost", load: () => import("./tell.ts") },
  answer: { summary: "answer a permission dialog", load: () => import("./answer.ts") },
  capture: { summary: "the last lines of a terminal", load: () => import("./capture.ts") },
  output: { summary: "the whole terminal record", load: () => import("./output.ts") },
  watch: { summary: "follow new output until the job ends", load: () => import("./watch.ts") },
  attach: { summary: "enter an agent's terminal, or a team's layout", load: () => import("./attach.ts") },
  kill: { summary: "end an agent", load: () => import("./kill.ts") },
  why: { summary: "why something did not happen", load: () => import("./why.ts") },
  ledger: { summary: "what happened, in order", load: () => import("./ledger.ts") },
  prove: { summary: "prove delivery on this machine", load: () => import("./prove.ts") },
  dashboard: { summary: "the address of the page, with a one-time login", load: () => import("./dashboard.ts") },
  version: { summary: "product and protocol version", load: () => import("./version.ts") },
};
