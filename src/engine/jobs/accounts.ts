import type { AgentId, JobId } from "../../core/ids.ts";
import { accountOf, type SessionAccount, type Tokens, type TranscriptEntry } from "../../core/jobs/account.ts";
import { jobMeant } from "../../core/jobs/numbering.ts";
import { costOf, type PriceTable, toldCost } from "../../core/jobs/prices.ts";
import type { Driver } from "../../core/ports.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Agent, Job, State, Usage } from "../../core/state.ts";
import { agentNamed } from "../agent-named.ts";

export interface AccountsWorld {
  state(): State;
  driverOf(agent: Agent): Driver;
  /** The transcript of this job, or its kept copy; null = neither is there. */
  transcript(agent: Agent, job: Job | undefined): Promise<{ path: string; text: string } | null>;
  /** What a job's conversations and those of its sub-agents cost by the prices of this home; null = unknown. */
  reckoned(job: JobId): number | null;
  prices(): PriceTable;
}

/** US dollars, and who says so: our price table or the CLI; null = nobody knows. */
interface Cost {
  cost: number | null;
  costFrom: "prices" | "cli" | null;
}

/** A conversation, entry by entry, and what it came to. */
export interface SessionView extends Cost {
  agent: AgentId;
  job: JobId | null;
  session: string | null;
  path: string;
  account: SessionAccount;
  entries: TranscriptEntry[];
}

const said = (entry: TranscriptEntry | null): TranscriptEntry[] => (entry && !entry.isSide ? [entry] : []);

/** What a job used, as far as anybody knows; null = unknown. */
export interface UsageView extends Cost {
  agent: AgentId;
  job: JobId | null;
  contextTokens: number | null;
  contextSize: number | null;
  tokens: Tokens | null;
}

const usageOf = (agent: Agent, job: Job | undefined): Usage | undefined =>
  job?.closed ? job.closed.usage : agent.usage;

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
    const account = accountOf(entries);
    return { ...named, path, ...this.costOf(agent, job, account), account, entries };
  }

  async usage(given: string): Promise<UsageView> {
    const { agent, job } = this.find(given);
    const usage = usageOf(agent, job);
    const found = await this.read(agent, job);
    const account = found ? accountOf(found.entries) : null;
    return {
      ...{ agent: agent.hire.agent, job: job?.id ?? null },
      ...{ contextTokens: usage?.contextTokens ?? null, contextSize: usage?.contextSize ?? null },
      ...{ ...this.costOf(agent, job, account), tokens: account?.tokens ?? null },
    };
  }

  /** As everywhere: reckoned, else as the CLI says. */
  private costOf(agent: Agent, job: Job | undefined, account: SessionAccount | null): Cost {
    const reckoned = job ? this.world.reckoned(job.id) : this.reckonedAlone(account);
    if (reckoned !== null) return { cost: reckoned, costFrom: "prices" };
    const told = toldCost(usageOf(agent, job)?.cost);
    return { cost: told, costFrom: told === null ? null : "cli" };
  }

  /** Of a member of a team, which has no job; what its sub-agents took is not in its own conversation. */
  private reckonedAlone(account: SessionAccount | null): number | null {
    return account && account.subagents === 0 ? costOf(this.world.prices(), account.models) : null;
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
