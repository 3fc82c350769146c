import type { CallRow, Enriched, ResultRow } from "../../core/history/book.ts";
import {
  type AccountTally,
  countEntry,
  newAccount,
  primaryTool,
  sumAccounts,
  type TranscriptEntry,
} from "../../core/jobs/account.ts";
import { costOf, type PriceTable } from "../../core/jobs/prices.ts";

/** A transcript that grows; each whole line comes once. */
export interface Lines {
  path: string;
  /** Bytes read; null = there is no such file. `began`: it is read from its beginning again. */
  readOn(take: (line: string) => void, began: () => void): Promise<number | null>;
}

/** What a driver knows of its CLI's transcripts. */
export interface Reading {
  entry(line: string): TranscriptEntry | null;
  /** Where a sub-agent of a conversation writes; undefined = nowhere. */
  subagentFile(transcript: string, id: string): string | undefined;
  lines(path: string): Lines;
}

/** One conversation, as far as it was read. */
interface Conversation {
  path: string;
  lines: Lines;
  tally: AccountTally;
  /** Calls of tools that have no id of their own. */
  unnamed: number;
  /** It is in the numbers that were written before. */
  wasCounted: boolean;
  isRead: boolean;
  isSide: boolean;
}

/** All conversations of one job and its sub-agents, and what of them is not in the tables yet. */
export class Conversations {
  private readonly mains = new Map<string, Conversation>();
  private readonly sides = new Map<string, Conversation>();
  private calls: CallRow[] = [];
  private results: ResultRow[] = [];
  /** Something was read that is not written yet. */
  hasNews = false;

  constructor(
    private readonly reading: Reading,
    counted: string[],
  ) {
    for (const path of counted) this.add(path, true);
  }

  get size(): number {
    return this.mains.size;
  }

  add(path: string, wasCounted = false): void {
    if (!this.mains.has(path)) this.mains.set(path, this.begin(path, wasCounted, false));
  }

  /** `copy`: stands in for the only conversation when its own file is gone. Resolves with the bytes read. */
  async readOn(copy?: string): Promise<number> {
    let bytes = 0;
    for (const one of this.mains.values()) bytes += await this.readMain(one, copy);
    for (const one of this.sides.values()) bytes += (await this.readOne(one)) ?? 0;
    if (bytes > 0) this.hasNews = true;
    return bytes;
  }

  /** A conversation that was counted before is gone: numbers without it would be wrong. */
  get isTorn(): boolean {
    return [...this.mains.values()].some(({ isRead, wasCounted }) => wasCounted && !isRead);
  }

  /** Paths that are in the numbers. */
  get paths(): string[] {
    return [...this.mains.values()].filter(({ isRead }) => isRead).map(({ path }) => path);
  }

  /** What has come since it was written last. */
  get heard(): { calls: CallRow[]; results: ResultRow[] } {
    return { calls: this.calls, results: this.results };
  }

  written(): void {
    this.calls = [];
    this.results = [];
    this.hasNews = false;
  }

  enriched(prices: PriceTable): Enriched {
    const accounts = (of: Map<string, Conversation>) => [...of.values()].map(({ tally }) => tally.account);
    const account = sumAccounts(accounts(this.mains), accounts(this.sides));
    const { model = null, tokens, models, contextTokens, failedTools, files, messages, thinking, subagents } = account;
    return {
      ...{ model, tokens, contextTokens, cost: costOf(prices, models), failedCalls: failedTools, files, thinking },
      ...{ subagents, primaryTool: primaryTool(account), messages: messages.user + messages.assistant },
      toolCalls: Object.values(account.tools).reduce((sum, count) => sum + count, 0),
      ...{ lastWords: account.summary, durationMs: account.duration },
    };
  }

  private begin(path: string, wasCounted: boolean, isSide: boolean): Conversation {
    const lines = this.reading.lines(path);
    return { path, lines, tally: newAccount(), unnamed: 0, wasCounted, isRead: false, isSide };
  }

  private async readMain(one: Conversation, copy: string | undefined): Promise<number> {
    const read = await this.readOne(one);
    if (read !== null || one.isRead || copy === undefined || this.mains.size !== 1) return read ?? 0;
    one.lines = this.reading.lines(copy);
    return (await this.readOne(one)) ?? 0;
  }

  private async readOne(one: Conversation): Promise<number | null> {
    const take = (line: string) => {
      const found = line === "" ? null : this.reading.entry(line);
      if (found && (found.isSide ?? false) === one.isSide) this.note(one, found);
    };
    const began = () => {
      one.tally = newAccount();
      one.unnamed = 0;
    };
    const bytes = await one.lines.readOn(take, began);
    if (bytes !== null) one.isRead = true;
    return bytes;
  }

  private note(one: Conversation, found: TranscriptEntry): void {
    countEntry(one.tally, found);
    if (one.isSide) return;
    const time = found.at === undefined ? Number.NaN : Date.parse(found.at);
    const at = Number.isFinite(time) ? time : null;
    for (const tool of found.tools ?? [])
      this.calls.push({ ...tool, call: tool.call ?? `${one.path}#${++one.unnamed}`, at });
    for (const result of found.results ?? []) {
      if (result.call !== undefined) this.results.push({ ...result, call: result.call, at });
      const side = result.agent?.id === undefined ? undefined : this.reading.subagentFile(one.path, result.agent.id);
      if (side !== undefined && !this.sides.has(side)) this.sides.set(side, this.begin(side, false, true));
    }
  }
}
