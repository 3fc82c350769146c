import type { AgentId, JobId } from "../../core/ids.ts";
import { accountOf, type SessionAccount, type Tokens, type TranscriptEntry } from "../../core/jobs/account.ts";
import { jobMeant } from "../../core/jobs/numbering.ts";
import type { Driver } from "../../core/ports.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Agent, Job, State, Usage } from "../../core/state.ts";
import { agentNamed } from "../agent-named.ts";

export interface AccountsWorld {
  state(): State;
  driverOf(agent: Agent): Driver;
  /** The transcript of this job, or its kept copy; null = neither is there. */
  transcript(agent: Agent, job: Job | undefined): Promise<{ path: string; text: string } | null>;
}

/** A conversation, entry by entry, and what it came to. */
export interface SessionView {
  agent: AgentId;
  job: JobId | null;
  session: string | null;
  path: string;
  account: SessionAccount;
  entries: TranscriptEntry[];
}

const said = (entry: TranscriptEntry | null): TranscriptEntry[] => (entry && !entry.isSide ? [entry] : []);

/** What a job used, as far as anybody knows; null = unknown. */
export interface UsageView {
  agent: AgentId;
  job: JobId | null;
  contextTokens: number | null;
  contextSize: number | null;
  /** US dollars. */
  cost: number | null;
  tokens: Tokens | null;
}

/** Reads what CLIs wrote down about their own conversations. */
export class JobAccounts {
  constructor(private readonly world: AccountsWorld) {}

  async session(given: string): Promise<SessionView> {
    const { agent, job } = this.find(given);
    const found = await this.read(agent, job);
    if (!found)
      throw new Refusal(
        "missing",
        `no transcript of ${given} is kept`,
        `muster output ${given} has its terminal record`,
      );
    const { entries, path } = found;
    const session = job?.closed ? job.closed.session : agent.session;
    const named = { agent: agent.hire.agent, job: job?.id ?? null, session: session ?? null };
    return { ...named, path, account: accountOf(entries), entries };
  }

  async usage(given: string): Promise<UsageView> {
    const { agent, job } = this.find(given);
    const usage: Usage | undefined = job?.closed ? job.closed.usage : agent.usage;
    const found = await this.read(agent, job);
    return {
      ...{ agent: agent.hire.agent, job: job?.id ?? null },
      ...{ contextTokens: usage?.contextTokens ?? null, contextSize: usage?.contextSize ?? null },
      ...{ cost: usage?.cost ?? null, tokens: found ? accountOf(found.entries).tokens : null },
    };
  }

  private find(given: string): { agent: Agent; job: Job | undefined } {
    const state = this.world.state();
    const agent = agentNamed(state, given);
    const job = jobMeant(state, agent.hire.agent, given);
    if (!job && given.includes("#")) throw new Refusal("missing", `no job ${given}`, "muster jobs lists them");
    return { agent, job };
  }

  private async read(agent: Agent, job: Job | undefined): Promise<{ path: string; entries: TranscriptEntry[] } | null> {
    const { entry } = this.world.driverOf(agent);
    const found = entry && (await this.world.transcript(agent, job));
    if (!found) return null;
    return { path: found.path, entries: found.text.split("\n").flatMap((line) => (line ? said(entry(line)) : [])) };
  }
}
