import type { Client } from "../client/client.ts";
import type { Event } from "../core/facts.ts";
import type { Seq } from "../core/ids.ts";
import type { JobRow } from "../core/job-row.ts";
import { Refusal } from "../core/refusal.ts";
import type { Sentence } from "../core/saying.ts";
import { sentence } from "../core/sentence.ts";
import type { State } from "../core/state.ts";
import { concerns, subjectOf } from "../core/subject.ts";
import { type Call, type CommandSpec, count, isSet, text, type Values } from "./command.ts";
import { arrow, type Colour, columns, padded, paint, wrapped } from "./style.ts";

const TONES: Record<Sentence["tone"], Colour> = {
  good: "green",
  bad: "red",
  warn: "yellow",
  plain: "bold",
  quiet: "dim",
};

const TIME = 10;
const WHO = 15;
const WHO_NARROW = 8;
/** A terminal with fewer columns has none to give away for names under each other. */
const NARROW = 70;

/** `10:31:42  PeerA            committed 4be1c02`; further lines begin under the text. */
export function ledgerLine(event: Event, state: State): string {
  const { tone, who: about, text: said } = sentence(event, state);
  const who = about.replace(" → ", ` ${arrow} `);
  const isNarrow = columns() < NARROW;
  const whole = `${padded(who, isNarrow ? WHO_NARROW : WHO)}  ${said.replace(/^→/, arrow)}`;
  const shown = wrapped(whole, TIME, isNarrow ? TIME + 2 : TIME + WHO + 2);
  const isQuiet = tone === "quiet" || tone === "plain";
  const end = isQuiet && shown.startsWith(who) ? who.length : shown.length;
  const time = new Date(event.at).toTimeString().slice(0, 8);
  return `${paint("dim", time)}  ${paint(TONES[tone], shown.slice(0, end))}${shown.slice(end)}`;
}

/** Is this fact worth a line for somebody who did not ask for all of them? */
export const isLoud = (event: Event, state: State): boolean => sentence(event, state).tone !== "quiet";

type Wanted = (event: Event, state: State) => boolean;

const dayOf = (at: number): string => {
  const day = new Date(at);
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
};

/** A team's window gets its size when somebody enters it, a moment after its panes have begun. */
const SETTLING_MS = 2000;
const CLEAR = "\x1b[H\x1b[2J\x1b[3J";

/** Prints facts, each once; a day that is not today is named before its first line. */
class Printer {
  last: Seq = 0;
  private readonly began = performance.now();
  /** What may have to be wrapped anew. */
  private early: [Event, State][] = [];
  private day = dayOf(Date.now());

  constructor(
    private readonly call: Pick<Call, "print" | "write" | "isJson">,
    private readonly isWanted: Wanted,
  ) {}

  show(events: Event[], state: State): void {
    for (const event of events) {
      if (event.seq <= this.last) continue;
      this.last = event.seq;
      if (this.isWanted(event, state)) this.line(event, state);
    }
  }

  /** The terminal has another width. */
  resized = (): void => {
    if (this.isSettled()) return;
    const again = this.early;
    this.early = [];
    this.call.write(new TextEncoder().encode(CLEAR));
    for (const [event, state] of again) this.line(event, state);
  };

  private isSettled = (): boolean => performance.now() - this.began > SETTLING_MS;

  private line(event: Event, state: State): void {
    if (!this.isSettled()) this.early.push([event, state]);
    const { isJson, print } = this.call;
    const day = dayOf(event.at);
    if (day !== this.day && !isJson) print(paint("dim", day));
    this.day = day;
    print(isJson ? JSON.stringify(event) : ledgerLine(event, state));
  }
}

/** Facts of one answer, and how many of them are searched for enough lines. */
const WINDOW = 1000;
const SEARCHED = 100_000;

const factsFrom = async (client: Client, query: Record<string, string | number>): Promise<Event[]> => {
  const words = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
  return (await client.get<{ facts: Event[] }>(`/api/ledger?${words}`)).facts;
};

/** The newest facts that are wanted, oldest first. */
async function newest(client: Client, seq: Seq, limit: number, isWanted: (event: Event) => boolean): Promise<Event[]> {
  let found: Event[] = [];
  const least = Math.max(0, seq - SEARCHED);
  for (let end = seq; end > least && found.length < limit; end -= WINDOW) {
    const after = Math.max(0, end - WINDOW);
    const facts = await factsFrom(client, { after, limit: end - after });
    found = [...facts.filter(isWanted), ...found];
  }
  return limit === 0 ? [] : found.slice(-limit);
}

/** All facts after one. */
async function since(client: Client, seq: Seq): Promise<Event[]> {
  const facts = await factsFrom(client, { after: seq, limit: WINDOW });
  if (facts.length < WINDOW) return facts;
  return [...facts, ...(await since(client, facts.at(-1)?.seq ?? seq))];
}

/** What `--about` means: an id of the ledger, or an agent by the start of its id or by its seat. */
async function subjectFor(client: Client, given: string): Promise<string> {
  if ((await factsFrom(client, { about: given, limit: 1 })).length > 0) return given;
  try {
    return (await client.get<JobRow>(`/api/jobs/${encodeURIComponent(given)}`)).agent;
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "missing") throw error;
    throw new Refusal("missing", `nothing in the ledger is called ${given}`, "an agent, message, patch or team");
  }
}

/** Is this what a peer said, in a log pane that is not to mirror it (P39)? The ledger itself always has it. */
const isMuted = (event: Event, { teams }: State, team: string | undefined): boolean =>
  event.type === "turn.ended" && teams[team ?? ""]?.settings.cli_profiles.console_echo === false;

/** Which facts get a line. */
export function wantedBy(flags: Values, isJson: boolean, about: string | undefined): Wanted {
  const team = text(flags, "team");
  const isEvery = isSet(flags, "all") || isJson || about !== undefined;
  const isPane = isSet(flags, "follow") && !isJson;
  return (event, state) =>
    !(isPane && isMuted(event, state, team)) &&
    (about === undefined || subjectOf(event) === about) &&
    (team === undefined || (concerns(event, state, team) && event.at >= (state.teams[team]?.formedAt ?? 0))) &&
    (isEvery || isLoud(event, state));
}

function requireTeam({ teams }: State, team: string | undefined): void {
  if (team === undefined || teams[team]) return;
  throw new Refusal("missing", `no team ${team}`, `teams: ${Object.keys(teams).join(", ") || "none"}`);
}

/** Prints what becomes true, for ever. */
async function follow(client: Client, printer: Printer): Promise<void> {
  for await (const { state, facts, isFresh } of client.follow(new AbortController().signal)) {
    // A stream begins with a state: what became true before it is asked for.
    if (isFresh) printer.show(await since(client, printer.last), state);
    printer.show(facts, state);
  }
}

const EMPTY = 'Nothing has happened yet. muster start "what to do" starts an agent; muster run starts a team.';

export const command: CommandSpec = {
  name: "ledger",
  usage: "ledger [--limit N] [--about ID] [--team TEAM] [--all] [--follow]",
  summary: "What happened, oldest first: one line per fact. Quiet ones (hooks, typing, screens) only with --all.",
  examples: ["muster ledger", "muster ledger --about P-0001", "muster ledger --team my-repo --follow"],
  flags: {
    limit: { type: "string", value: "N", default: "200", help: "how many lines (200)" },
    about: { type: "string", value: "ID", help: "only facts about this agent, message, patch or team, quiet ones too" },
    team: {
      type: "string",
      value: "TEAM",
      help: "only facts of this team since it was formed: its members, letters, patches",
    },
    all: { type: "boolean", help: "quiet facts as well" },
    follow: { type: "boolean", short: "f", help: "go on with what happens from now on" },
  },
  async run(call) {
    const { flags, daemon, isJson, isTty, print } = call;
    const limit = count(flags, "limit", SEARCHED);
    const client = await daemon();
    const { state } = await client.get<{ state: State }>("/api/state");
    requireTeam(state, text(flags, "team"));
    const given = text(flags, "about");
    const about = given === undefined ? undefined : await subjectFor(client, given);
    const isWanted = wantedBy(flags, isJson, about);
    const printer = new Printer(call, isWanted);
    const past =
      about === undefined
        ? await newest(client, state.seq, limit, (event) => isWanted(event, state))
        : (await factsFrom(client, { about, limit: WINDOW })).slice(-limit);
    printer.show(past, state);
    printer.last = Math.max(printer.last, state.seq);
    if (isSet(flags, "follow")) {
      if (isTty && !isJson) process.stdout.on("resize", printer.resized);
      await follow(client, printer);
    } else if (past.length === 0 && !isJson) print(state.seq > 1 ? "No such line." : EMPTY);
    return 0;
  },
};
