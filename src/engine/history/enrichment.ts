import type { CallRow, Enriched, HistoryBook, ResultRow } from "../../core/history/book.ts";
import type { AgentId, JobId, Millis } from "../../core/ids.ts";
import {
  type AccountTally,
  countEntry,
  newAccount,
  primaryTool,
  type SessionAccount,
  sumAccounts,
  type TranscriptEntry,
} from "../../core/jobs/account.ts";
import { jobsOf } from "../../core/jobs/numbering.ts";
import { costOf, type PriceTable } from "../../core/jobs/prices.ts";
import { livingAgents } from "../../core/living.ts";
import type { Clock } from "../../core/ports.ts";
import type { Agent, Job, State } from "../../core/state.ts";
import type { Performed, Reactor } from "../reactor.ts";

/** A transcript that grows; each whole line comes once. */
export interface Lines {
  path: string;
  /** Bytes read; null = there is no such file. `began`: it is read from its beginning again. */
  readOn(take: (line: string) => void, began: () => void): Promise<number | null>;
}

export interface EnrichmentWorld {
  clock: Pick<Clock, "now">;
  state(): State;
  entryOf(agent: Agent): ((line: string) => TranscriptEntry | null) | undefined;
  lines(path: string): Lines;
  /** Muster's own copy of a job's transcript, which outlives the CLI's. */
  copyOf(agent: Agent, job: Job): string;
  prices(): PriceTable;
  book: Pick<HistoryBook, "transcripts" | "enrich">;
  /** The job has its row. */
  flush(): boolean;
}

/** One conversation of a job, as far as it was read. */
interface Conversation {
  lines: Lines;
  tally: AccountTally;
  /** Calls of tools that have no id of their own. */
  unnamed: number;
  /** It was there. */
  isRead: boolean;
}

const PAUSE_MS = 500;
/** No fact says that a transcript became longer; it is written a moment behind the hooks (Claude Code 2.1.328). */
const LOOK_AGAIN_MS = 2000;
/** After something was told, or read. */
const FURTHER_LOOKS = 1;
/** Agents whose transcripts are read at the same time. */
const AT_ONCE = 4;

/** Tells the history what the CLI wrote down about each job (A41): only of the session that its hooks reported. */
export class EnrichmentReactor implements Reactor<AgentId> {
  readonly name = "enrichment";
  private readonly due = new Set<AgentId>();
  private readonly read = new Map<JobId, Map<string, Conversation>>();
  private readonly written = new Map<AgentId, Millis>();
  /** How often each is looked at once more though nothing new was found. */
  private readonly looks = new Map<AgentId, number>();
  private hasBegun = false;

  constructor(
    private readonly world: EnrichmentWorld,
    /** Those of whom something was told while no daemon ran. */
    private readonly missed: readonly AgentId[],
  ) {}

  pending(state: State): Map<AgentId, AgentId> {
    if (!this.hasBegun) {
      this.hasBegun = true;
      for (const { hire } of livingAgents(state)) this.due.add(hire.agent);
      for (const agent of this.missed) this.due.add(agent);
    }
    const some = new Map<AgentId, AgentId>();
    for (const id of this.due) {
      if (state.agents[id]?.job === undefined) this.forget(id);
      else if (some.size < AT_ONCE) some.set(id, id);
    }
    return some;
  }

  told(ids: string[]): void {
    for (const given of ids) {
      const id = given.split("#")[0] ?? given;
      this.due.add(id);
      this.looks.set(id, FURTHER_LOOKS);
    }
  }

  async perform(id: AgentId): Promise<Performed> {
    const { clock, state } = this.world;
    const now = clock.now();
    const wait = (this.written.get(id) ?? Number.NEGATIVE_INFINITY) + PAUSE_MS - now;
    if (wait > 0) return { again: wait };
    const agent = state().agents[id];
    if (!agent) return {};
    const isFirst = !this.written.has(id);
    this.written.set(id, now);
    this.due.delete(id);
    let bytes = 0;
    for (const job of jobsOf(state(), id)) {
      if (agent.job !== job.id && !isFirst && !this.read.has(job.id)) continue;
      bytes += await this.enrich(agent, job);
      if (job.closed) this.read.delete(job.id);
    }
    const looks = bytes > 0 || agent.activity === "busy" ? FURTHER_LOOKS : (this.looks.get(id) ?? 0) - 1;
    this.looks.set(id, looks);
    if (looks < 0) return {};
    this.due.add(id);
    return { again: LOOK_AGAIN_MS };
  }

  private forget(id: AgentId): void {
    this.due.delete(id);
    this.written.delete(id);
    this.looks.delete(id);
    for (const job of this.read.keys()) if (job === id || job.startsWith(`${id}#`)) this.read.delete(job);
  }

  private async enrich(agent: Agent, job: Job): Promise<number> {
    const entry = this.world.entryOf(agent);
    const conversations = this.conversations(agent, job);
    if (!entry || conversations.size === 0) return 0;
    const heard: Heard = { calls: [], results: [] };
    let bytes = 0;
    for (const conversation of conversations.values()) {
      let read = await readOn(conversation, entry, heard);
      if (read === null && !conversation.isRead && conversations.size === 1) {
        conversation.lines = this.world.lines(this.world.copyOf(agent, job));
        read = await readOn(conversation, entry, heard);
      }
      // Gone, and nothing of it is known: numbers without it would be wrong.
      if (read === null && !conversation.isRead) return 0;
      bytes += read ?? 0;
    }
    if (bytes === 0 || !this.world.flush()) return 0;
    const account = sumAccounts([...conversations.values()].map(({ tally }) => tally.account));
    const { calls, results } = heard;
    this.world.book.enrich(job.id, [...conversations.keys()], enriched(account, this.world.prices()), calls, results);
    return bytes;
  }

  /** Those of a job, in order: read before, stored before, and the present one. */
  private conversations(agent: Agent, job: Job): Map<string, Conversation> {
    const { world } = this;
    const known = this.read.get(job.id) ?? new Map<string, Conversation>();
    this.read.set(job.id, known);
    const add = (path: string) => {
      if (!known.has(path))
        known.set(path, { lines: world.lines(path), tally: newAccount(), unnamed: 0, isRead: false });
    };
    if (known.size === 0) for (const path of world.book.transcripts(job.id)) add(path);
    const own = job.closed ? job.closed.transcript : agent.job === job.id ? agent.transcript : undefined;
    // Until a new conversation began, the old one is not this job's.
    if (own !== undefined && job.awaits === undefined) add(own);
    return known;
  }
}

type Entry = (line: string) => TranscriptEntry | null;

interface Heard {
  calls: CallRow[];
  results: ResultRow[];
}

function note(conversation: Conversation, found: TranscriptEntry, { calls, results }: Heard): void {
  countEntry(conversation.tally, found);
  const time = found.at === undefined ? Number.NaN : Date.parse(found.at);
  const at = Number.isFinite(time) ? time : null;
  for (const tool of found.tools ?? [])
    calls.push({ ...tool, call: tool.call ?? `${conversation.lines.path}#${++conversation.unnamed}`, at });
  for (const result of found.results ?? [])
    if (result.call !== undefined) results.push({ ...result, call: result.call, at });
}

async function readOn(conversation: Conversation, entry: Entry, heard: Heard): Promise<number | null> {
  const take = (line: string) => {
    const found = line === "" ? null : entry(line);
    if (found) note(conversation, found, heard);
  };
  const began = () => {
    conversation.tally = newAccount();
    conversation.unnamed = 0;
  };
  const bytes = await conversation.lines.readOn(take, began);
  if (bytes !== null) conversation.isRead = true;
  return bytes;
}

function enriched(account: SessionAccount, prices: PriceTable): Enriched {
  const { model = null, tokens, models, contextTokens, failedTools, files, messages, thinking, subagents } = account;
  return {
    ...{ model, tokens, contextTokens, cost: costOf(prices, models), failedCalls: failedTools, files, thinking },
    ...{ subagents, primaryTool: primaryTool(account), messages: messages.user + messages.assistant },
    toolCalls: Object.values(account.tools).reduce((sum, count) => sum + count, 0),
    ...{ lastWords: account.summary, durationMs: account.duration },
  };
}
