import { stat } from "node:fs/promises";
import { join } from "node:path";
import { configOf } from "../core/config/state.ts";
import { isFileOf, stemOf } from "../core/jobs/record.ts";
import type { Agent, Job } from "../core/state.ts";
import { driverNamed } from "../drivers/registry.ts";
import { JobAccounts } from "../engine/jobs/accounts.ts";
import { BudgetReactor } from "../engine/jobs/budgets.ts";
import { JobDesk } from "../engine/jobs/desk.ts";
import { JobFilesReactor } from "../engine/jobs/files.ts";
import { Sessions } from "../engine/jobs/sessions.ts";
import { SilenceReactor } from "../engine/jobs/silence.ts";
import { TimeoutReactor } from "../engine/jobs/timeouts.ts";
import { WorktreeDesk } from "../engine/jobs/worktrees.ts";
import type { Operations } from "../engine/operations.ts";
import type { Reactor } from "../engine/reactor.ts";
import { JobFiles } from "../files/job-files.ts";
import { readForeignText } from "../files/safe-read.ts";
import { Git } from "../git/git.ts";
import { Worktrees } from "../git/worktrees.ts";
import { JobQuestions } from "../store/job-questions.ts";
import { logSize } from "../tmux/byte-log.ts";
import { type HistoryWork, promptIn } from "./history.ts";
import { driverFor, operationsOf } from "./operations.ts";
import type { Parts } from "./parts.ts";
import { placeOf } from "./places.ts";

/** What works on jobs besides their agents' terminals. */
export interface JobWork {
  operations: Operations;
  jobs: JobDesk;
  accounts: JobAccounts;
  worktrees: WorktreeDesk;
  sessions: Sessions;
  reactors: Reactor<unknown>[];
}

/** Longest transcript that is read for its numbers. */
const LARGEST = 64 * 1024 * 1024;

const promptOf = ({ log, engine }: Parts, { mid }: Job): string | null => promptIn(log, engine.state, mid);

/** What is in a worktree is saved before it goes. */
async function removeAgent(parts: Parts, files: JobFiles, id: string): Promise<void> {
  const { home, terminals, engine, env } = parts;
  for (const { agent, pane } of await terminals.list()) if (agent === id) await terminals.close(pane);
  const { worktree } = engine.state.agents[id]?.hire ?? {};
  if (worktree) await new Worktrees(new Git(env)).close(worktree);
  await files.remove((name) => isFileOf(id, name), [join(home.agents, id), join(home.letters, id)]);
}

/** What a job's model read, wrote and put into its cache; what it takes from the cache again and again is not counted. */
async function tokensOf(accounts: JobAccounts, { id }: Job): Promise<number | null> {
  const { tokens } = await accounts.usage(id);
  return tokens && tokens.input + tokens.output + tokens.cacheWrite;
}

function jobReactors(parts: Parts, accounts: JobAccounts): Reactor<unknown>[] {
  const { home, engine, clock, terminals } = parts;
  const files = new JobFiles(home.jobs);
  const past = new JobQuestions(parts.bulk.database);
  const printedAt = async (agent: string) =>
    (await stat(join(home.jobs, `${agent}.log`)).catch(() => null))?.mtimeMs ?? null;
  return [
    new TimeoutReactor(clock),
    new BudgetReactor({ clock, tokens: (_, job) => tokensOf(accounts, job) }),
    new SilenceReactor({
      ...{ clock, printedAt, limit: async () => configOf(engine.state).silenceMinutes },
      lines: (pane, count) => terminals.history(pane, count),
    }),
    new JobFilesReactor({
      clock,
      state: () => engine.state,
      prompt: (job) => promptOf(parts, job),
      write: (name, text) => files.write(name, text),
      copy: (name, path) => files.copy(name, path),
      subagents: ({ hire }, job, transcript) => {
        const { subagentFile } = driverNamed(hire.driver).driver;
        return past.subagents(job.id).flatMap(({ agent }) => (agent && subagentFile?.(transcript, agent)) || []);
      },
      remove: (agent) => removeAgent(parts, files, agent),
    }),
  ] as Reactor<unknown>[];
}

const sessionsOf = ({ engine, terminals }: Parts): Sessions =>
  new Sessions({
    engine,
    names: () => terminals.sessions.names(),
    panes: () => terminals.list(),
    folderOf: (pane) => terminals.sessions.folderOf(pane),
    close: (pane) => terminals.close(pane),
    end: (name) => terminals.sessions.end(name),
    driver: (name) => driverFor(name, "workspace-write"),
  });

export function openJobWork(parts: Parts, history: Pick<HistoryWork, "jobs" | "prices">): JobWork {
  const operations = operationsOf(parts);
  const { home, engine, clock, random, env, driverOf } = parts;
  const jobs = new JobDesk({
    ...{ engine, operations, clock, random },
    commandLine: (hire, given) => {
      const place = placeOf(home, { hire } as Agent, 1, join(home.letters, hire.agent), given ?? env);
      return driverNamed(hire.driver).driver.launch(hire, place).argv;
    },
    mechanism: ({ driver, permission }) => driverNamed(driver).driver.abilities.permissions[permission] ?? "",
    prompt: (job) => promptOf(parts, job),
    logSize: (agent) => logSize(join(home.jobs, `${agent}.log`)),
  });
  const accounts = new JobAccounts({
    driverOf,
    reckoned: (job) => history.jobs.reckonedCost(job),
    prices: () => history.prices.now(),
    state: () => engine.state,
    transcript: async (agent, job) => {
      const own = job?.closed ? job.closed.transcript : agent.transcript;
      const kept = job && join(home.jobs, `${stemOf(agent, job)}.transcript.jsonl`);
      for (const path of [own, kept]) {
        const text = path === undefined ? null : await readForeignText(path, LARGEST).catch(() => null);
        if (path !== undefined && text !== null) return { path, text };
      }
      return null;
    },
  });
  const worktrees = new WorktreeDesk({ engine, shop: new Worktrees(new Git(env)) });
  return { operations, jobs, accounts, worktrees, sessions: sessionsOf(parts), reactors: jobReactors(parts, accounts) };
}
