import { resolve } from "node:path";
import type { Client } from "../client/client.ts";
import type { JobState } from "../core/job-state.ts";
import { Refusal } from "../core/refusal.ts";
import type { State } from "../core/state.ts";
import type { Why } from "../core/why.ts";
import type { CommandSpec } from "./command.ts";
import { stateWord } from "./jobs.ts";
import { repositoryOf } from "./repository.ts";
import { arrow, line, padded, paint, wrapped } from "./style.ts";
import { teamFor } from "./team.ts";

const NAME = 11;

const row = (name: string, text: string): string =>
  `  ${paint("dim", name.padEnd(NAME))}${wrapped(line(text), NAME + 2)}`;

/** `#12 PeerA: is idle` in columns: the facts that were looked at, oldest first. */
function evidenceRows(evidence: string[]): string[] {
  const parts = evidence.map((one) => /^(#\d+) (.*?): (.*)$/s.exec(one)?.slice(1) ?? ["", "", one]);
  const widths = [0, 1].map((at) => Math.max(...parts.map((cells) => Bun.stringWidth(cells[at] ?? ""))));
  return parts.map(([seq = "", who = "", said = ""], index) => {
    const before = `${padded(seq, widths[0] ?? 0)}  ${padded(who.replace(" → ", ` ${arrow} `), widths[1] ?? 0)}  `;
    const name = paint("dim", (index === 0 ? "evidence" : "").padEnd(NAME));
    return `  ${name}${paint("dim", before)}${wrapped(line(said), NAME + 2 + Bun.stringWidth(before))}`;
  });
}

/** What else is so, its names in a column of their own. */
function partRows(parts: Why["parts"]): string[] {
  const width = Math.max(NAME, ...parts.map(({ name }) => name.length + 2));
  return parts.map(({ name, text }) => `  ${paint("dim", name.padEnd(width))}${wrapped(line(text), width + 2)}`);
}

function shown({ kind, what, state, because, rule, evidence, parts, change }: Why): string {
  const word = kind === "job" || kind === "agent" ? stateWord(state as JobState) : state;
  const head = `${paint("bold", line(what))} ${word === stateWord("needs_user") ? word : `is ${word}`}`;
  const rows = [row("because", because), row("rule", rule), ...evidenceRows(evidence), row("to change", change)];
  const more = parts.length > 0 ? `\n\n${partRows(parts).join("\n")}` : "";
  return `${head}\n${rows.join("\n")}${more}`;
}

/** The Foreman has no id: it is that of the team here. */
async function teamHere(client: Client, cwd: string): Promise<string> {
  const { state } = await client.get<{ state: State }>("/api/state");
  return teamFor(state, undefined, repositoryOf(resolve(cwd)) ?? undefined);
}

export const command: CommandSpec = {
  name: "why",
  usage: "why ID [BEAT]",
  summary:
    "Why something did not happen (a message, an agent, a job, a patch, a team): the rule, the evidence, what would change it. A BEAT of a member: keepalive, nudge, self-check, refresh, board, compact, clear, idle; of a team: foreman.",
  examples: ["muster why muster-1764000000-3fa2c1", "muster why P-0001", "muster why PeerA compact"],
  flags: {},
  takes: [1, 2],
  async run({ words, cwd, daemon, isJson, print }) {
    const client = await daemon();
    const [id, beat] = words[0]?.toLowerCase() === "foreman" ? [await teamHere(client, cwd), "foreman"] : words;
    const about = beat === undefined ? "" : `?aspect=${encodeURIComponent(beat.toLowerCase())}`;
    const why = await client.get<Why>(`/api/why/${encodeURIComponent(id ?? "")}${about}`).catch((error: unknown) => {
      if (!(error instanceof Refusal) || error.code !== "missing") throw error;
      throw new Refusal(
        "missing",
        `nothing is called ${id}`,
        "an agent, job, message, patch or team; muster ledger names them",
      );
    });
    print(isJson ? JSON.stringify(why, null, 1) : shown(why));
    return 0;
  },
};
