import type { Client } from "../client/client.ts";
import { type JobRow, jobRow } from "../core/job-row.ts";
import { Refusal } from "../core/refusal.ts";
import type { State } from "../core/state.ts";
import { type CommandSpec, isSet, text } from "./command.ts";
import { stateWord } from "./jobs.ts";
import { line, paint } from "./style.ts";
import { isOver } from "./watch.ts";

const INTERRUPTED = 130;

function secondsOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (/^\d{1,7}(\.\d{1,3})?$/.test(given)) return Number(given);
  throw new Refusal("usage", `--timeout ${given} is no number of seconds`, "e.g. --timeout 600");
}

/** Says once of each job that it waits for a person. */
function caller(): (state: State, rows: JobRow[]) => void {
  const told = new Set<string>();
  return (state, rows) => {
    for (const { id, agent } of rows) {
      const job = state.jobs[id];
      const now = job && jobRow(state, job)?.state;
      if (now !== "needs_user" || told.has(id)) continue;
      told.add(id);
      console.error(paint("yellow", `${id} needs you: muster attach ${agent}`));
    }
  };
}

type End = "ended" | "late" | "interrupted";

/** Waits until all of the jobs have ended, or one of them. */
async function ended(client: Client, rows: JobRow[], isAny: boolean, seconds: number | undefined): Promise<End> {
  const ending = new AbortController();
  let end: End = "late";
  const interrupt = () => {
    end = "interrupted";
    ending.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, interrupt);
  const timer = seconds === undefined ? undefined : setTimeout(() => ending.abort(), seconds * 1000);
  const call = caller();
  try {
    for await (const { state } of client.follow(ending.signal)) {
      const over = rows.filter((row) => isOver(state, row));
      if (over.length === rows.length || (isAny && over.length > 0)) return "ended";
      call(state, rows);
    }
  } finally {
    clearTimeout(timer);
    ending.abort();
  }
  return end;
}

const path = (id: string): string => `/api/jobs/${encodeURIComponent(id)}`;

export const command: CommandSpec = {
  name: "wait",
  usage: "wait ID... [--any] [--timeout SECONDS]",
  summary:
    "Waits until these jobs have ended, and prints how each did. Ends with 1 when one of them failed or the time is over.",
  examples: ["muster wait a1b2 c3d4", "muster wait a1b2 c3d4 --any --timeout 3600"],
  flags: {
    any: { type: "boolean", help: "only until one of them has ended" },
    timeout: { type: "string", value: "SECONDS", help: "how long at most" },
  },
  takes: [1, 100],
  async run({ words, flags, daemon, isJson, print }) {
    const seconds = secondsOf(text(flags, "timeout"));
    const client = await daemon();
    const rows = await Promise.all(words.map((id) => client.get<JobRow>(path(id))));
    const end = await ended(client, rows, isSet(flags, "any"), seconds);
    if (end === "interrupted") return INTERRUPTED;
    const now = await Promise.all(rows.map(({ id }) => client.get<JobRow>(path(id))));
    const over = now.filter(({ finishedAt }) => finishedAt !== undefined);
    const said = over.map(({ id, status, reason, summary }) => {
      const words = line(reason || summary);
      return `${id} ${status === "failed" ? paint("red", "failed") : paint("green", "completed")}${words ? `: ${words}` : ""}`;
    });
    const waiting = now.filter(({ finishedAt }) => finishedAt === undefined);
    if (isJson) print(JSON.stringify(now, null, 1));
    else if (said.length > 0) print(said.join("\n"));
    if (end === "late") {
      const list = waiting.map(({ id, state }) => `${id} is ${stateWord(state)}`).join(", ");
      throw new Refusal("failed", `not ended in time: ${list}`, "muster watch follows one of them");
    }
    return over.some(({ status }) => status === "failed") ? 1 : 0;
  },
};
