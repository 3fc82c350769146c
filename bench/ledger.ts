import type { Home } from "../src/client/home.ts";
import type { Fact } from "../src/core/facts.ts";
import type { Log } from "../src/core/ports.ts";
import { openLog } from "../src/store/log.ts";

/** Events of one finished job. */
const LIFE = 50;
const BEGAN = 1_700_000_000_000;

/** What a job leaves in the log, from its order to its end; `hooks` tool events make it as long as wished. */
function lifeOf(n: number, hooks: number): Fact[] {
  const agent = n.toString(16).padStart(8, "0");
  const mid = `muster-${BEGAN + n}-${agent.slice(2)}`;
  const prompt = `Look into number ${n} and say in one sentence what is wrong with it.`;
  const hire = { agent, driver: "standin", cwd: "/tmp", permission: "workspace-write" } as const;
  const tools = Array.from({ length: hooks }, (_, index): Fact => {
    const event = index % 2 === 0 ? "PreToolUse" : "PostToolUse";
    return { type: "hook.heard", agent, event, tool: "Bash", row: n * hooks + index + 1 };
  });
  return [
    { type: "agent.hired", hire },
    { type: "job.created", job: agent, agent, mid, prompt },
    {
      ...{ type: "message.queued", mid, from: "user", to: agent, kind: "prompt", number: 1, size: prompt.length },
      ...{ preview: prompt, body: prompt },
    } as Fact,
    { type: "terminal.opening", agent, incarnation: 1 },
    { type: "terminal.opened", agent, incarnation: 1, pane: `%${n}`, pid: 1_000_000 + n, log: `${agent}.log` },
    { type: "session.started", agent, session: agent, transcript: `/tmp/${agent}.jsonl` },
    { type: "agent.changed", agent, activity: "idle" },
    { type: "message.stored", mid, path: `/tmp/inbox/${mid}.txt` },
    { type: "message.typing", mid, attempt: 1, incarnation: 1, nextAt: BEGAN + n },
    { type: "agent.changed", agent, activity: "busy" },
    { type: "message.delivered", mid, evidence: "transcript" },
    { type: "turn.started", agent },
    ...tools,
    { type: "usage.measured", agent, contextTokens: 12_345, contextSize: 200_000 },
    { type: "turn.ended", agent, outcome: "done", summary: "It is off by one." },
    { type: "job.finished", job: agent, outcome: "completed", reason: "" },
    { type: "agent.dismissed", agent, reason: "killed by user" },
    { type: "terminal.exited", agent, incarnation: 1, code: 0, signal: null },
  ];
}

const BARE = lifeOf(0, 0).length;

function fill(log: Log, jobs: number, hooks: number): void {
  log.transaction(() => {
    for (let n = 0; n < jobs; n++) log.append(lifeOf(n, hooks), BEGAN + n * 1000, "daemon");
  });
}

/** A ledger with so many finished jobs, each with a life of about 50 events; made before a daemon opens it. */
export function fillJobs(home: Home, jobs: number): void {
  const log = openLog(home.ledger);
  fill(log, jobs, LIFE - BARE);
  log.close();
}

/** The same, counted in events. */
export const fillEvents = (home: Home, events: number): void => fillJobs(home, Math.ceil(events / LIFE));
