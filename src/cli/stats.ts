import { resolve } from "node:path";
import type { State } from "../core/state.ts";
import type { TeamStats, Words } from "../core/stats/stats.ts";
import type { CommandSpec } from "./command.ts";
import { repositoryOf } from "./repository.ts";
import { dot, duration, line, padded, paint, table } from "./style.ts";
import { teamFor } from "./team.ts";

const UNKNOWN = paint("dim", "unknown");

const dollars = (amount: number | null): string => (amount === null ? UNKNOWN : `$${amount.toFixed(2)}`);

/** `12,345`, right-aligned under its title. */
const figure = (value: number): string => value.toLocaleString("en-US");

/** Rows under a title; figures stand flush right. */
function block(titles: string[], rows: string[][]): string {
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const right = (text: string, column: number): string =>
    column === 0 ? padded(text, Math.max(14, widths[0] ?? 0)) : text.padStart(widths[column] ?? 0);
  const head = paint("dim", titles.map(right).join("  "));
  return [head, ...rows.map((row) => row.map(right).join("  "))].map((one) => `  ${one.trimEnd()}`).join("\n");
}

const wordsRow = (name: string, { count, bytes, tokens }: Words): string[] => [
  name,
  ...[count, bytes, tokens].map(figure),
];

function letters({ letters: { user, peer, system, nudge }, tokens }: TeamStats): string {
  const rows = [
    wordsRow("you", user),
    wordsRow("between peers", peer),
    wordsRow("Muster", system),
    wordsRow("nudges", nudge),
  ];
  const all = `  coordination ~${figure(tokens.coordination)} tokens, work ~${figure(tokens.work)}`;
  return `${block(["LETTERS", "COUNT", "BYTES", "~TOKENS"], rows)}\n${paint("dim", all)}`;
}

function turns({ turns: all, share }: TeamStats): string {
  const rows = [
    ["work", figure(all.work), duration(all.workMs)],
    ["coordination", figure(all.coordination), duration(all.coordinationMs)],
  ];
  const part =
    share === null ? "no turn has ended yet" : `${Math.round(share * 100)} % of the time went into coordination`;
  return `${block(["TURNS", "COUNT", "TIME"], rows)}\n  ${paint("dim", part)}`;
}

function facts(stats: TeamStats): string {
  const { waited, holds, deliveries, patches, evidence, members, costUnknown } = stats;
  const total = `${dollars(stats.cost)}${stats.cost !== null && costUnknown.length > 0 ? ` without ${costUnknown.join(", ")}` : ""}`;
  const each = members.map(({ seat, cost }) => `${line(seat)} ${dollars(cost)}`);
  const held = Object.entries(holds).map(([rule, times]) => `${rule} ${times}`);
  const rows = [
    ["cost", [total, ...each, `per commit ${dollars(stats.costPerCommit)}`]],
    [
      "waited for you",
      [
        `at dialogs ${duration(waited.membersMs)}`,
        `for decisions ${duration(waited.cardsMs)}`,
        `paused ${duration(waited.pausedMs)}`,
      ],
    ],
    ["handoffs", [figure(stats.handoffs), ...(held.length > 0 ? [`held: ${held.join(", ")}`] : ["none held"])]],
    ["deliveries", [`${deliveries.retries} repeated`, `${deliveries.uncertain} uncertain`, `${deliveries.dead} dead`]],
    ["patches", [`${patches.committed} committed`, `${patches.refused} refused`, `${patches.received} in all`]],
    ["evidence", [`${evidence.verified} verified`, `${evidence.claimed} claimed`, `${evidence.refuted} refuted`]],
  ] as const;
  return table(rows.map(([name, parts]) => [`  ${paint("dim", name)}`, parts.join(` ${dot} `)]));
}

/** `muster stats`, as a person reads it. */
export function statsShown(stats: TeamStats): string {
  const head = `${paint("bold", line(stats.team))} ${stats.isStopped ? "worked" : "works"} for ${duration(stats.ms)}`;
  const note = paint("dim", "Tokens are bytes / 4, an estimate; costs are what the CLIs report (docs/stats.md).");
  return [head, letters(stats), turns(stats), facts(stats), note].join("\n\n");
}

/** Also one that has ended: the last of this repository. */
function teamMeant(state: State, named: string | undefined, repo: string | undefined): string {
  const teams = Object.values(state.teams);
  const isIdle = teams.every(({ stopped }) => stopped !== undefined);
  const own = teams.filter((team) => team.repo === repo).sort((one, other) => other.formedAt - one.formedAt);
  return (named === undefined && isIdle ? own[0]?.name : undefined) ?? teamFor(state, named, repo);
}

export const command: CommandSpec = {
  name: "stats",
  usage: "stats [TEAM]",
  summary: "What a team's work cost beside the work: words and turns of coordination, money, and time waited for you.",
  examples: ["muster stats", "muster stats my-repo --json"],
  flags: {},
  takes: [0, 1],
  async run({ words, cwd, daemon, isJson, print }) {
    const client = await daemon();
    const { state } = await client.get<{ state: State }>("/api/state");
    const team = teamMeant(state, words[0], repositoryOf(resolve(cwd)) ?? undefined);
    const stats = await client.get<TeamStats>(`/api/teams/${encodeURIComponent(team)}/stats`);
    print(isJson ? JSON.stringify(stats, null, 1) : statsShown(stats));
    return 0;
  },
};
