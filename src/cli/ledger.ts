import type { Event } from "../core/facts.ts";
import { type Sentence, sentence } from "../core/sentence.ts";
import type { State } from "../core/state.ts";
import { type CommandSpec, isSet, text } from "./command.ts";
import { type Colour, paint } from "./style.ts";

const TONES: Record<Sentence["tone"], Colour> = {
  good: "green",
  bad: "red",
  warn: "yellow",
  plain: "bold",
  quiet: "dim",
};

/** `10:31:42  PeerA      committed 4be1c02`. */
export function ledgerLine(event: Event, state: State): string {
  const { tone, who, text: said } = sentence(event, state);
  const time = new Date(event.at).toTimeString().slice(0, 8);
  const isQuiet = tone === "quiet" || tone === "plain";
  return `${paint("dim", time)}  ${paint(TONES[tone], who.padEnd(16))} ${isQuiet ? said : paint(TONES[tone], said)}`;
}

/** Is this fact worth a line for somebody who did not ask for all of them? */
export const isLoud = (event: Event, state: State): boolean => sentence(event, state).tone !== "quiet";

export const command: CommandSpec = {
  name: "ledger",
  usage: "ledger [--limit N] [--about ID] [--all] [--follow] [--json]",
  summary: "What happened, oldest first: one line per fact. Quiet ones (hooks, typing, screens) only with --all.",
  examples: ["muster ledger", "muster ledger --about P-0001", "muster ledger --follow"],
  flags: {
    limit: { type: "string", value: "N", default: "200", help: "how many facts to look at (200)" },
    about: { type: "string", value: "ID", help: "only facts about this agent, message, patch or team" },
    all: { type: "boolean", help: "quiet facts as well" },
    follow: { type: "boolean", short: "f", help: "go on with what happens from now on" },
  },
  async run({ flags, daemon, isJson, print }) {
    const client = await daemon();
    const { state } = await client.get<{ state: State }>("/api/state");
    const about = text(flags, "about");
    const query = new URLSearchParams({ tail: "1", limit: text(flags, "limit") ?? "200", ...(about ? { about } : {}) });
    const { facts } = await client.get<{ facts: Event[] }>(`/api/ledger?${query}`);
    const show = (event: Event, now: State) => {
      if (isJson) print(JSON.stringify(event));
      else if (isSet(flags, "all") || about || isLoud(event, now)) print(ledgerLine(event, now));
    };
    for (const event of facts) show(event, state);
    if (!isSet(flags, "follow")) return 0;
    for await (const { state: now, facts: fresh } of client.follow(new AbortController().signal)) {
      for (const fact of fresh) show(fact, now);
    }
    return 0;
  },
};
