import type { JobState } from "../core/job-state.ts";
import { Refusal } from "../core/refusal.ts";
import type { Why } from "../core/why.ts";
import type { CommandSpec } from "./command.ts";
import { stateWord } from "./jobs.ts";
import { arrow, line, padded, paint, wrapped } from "./style.ts";

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

function shown({ kind, what, state, because, rule, evidence, change }: Why): string {
  const word = kind === "job" || kind === "agent" ? stateWord(state as JobState) : state;
  const head = `${paint("bold", line(what))} ${word === stateWord("needs_user") ? word : `is ${word}`}`;
  const rows = [row("because", because), row("rule", rule), ...evidenceRows(evidence), row("to change", change)];
  return `${head}\n${rows.join("\n")}`;
}

export const command: CommandSpec = {
  name: "why",
  usage: "why ID",
  summary:
    "Why something did not happen (a message, an agent, a job, a patch): the rule, the evidence, what would change it.",
  examples: ["muster why muster-1764000000-3fa2c1", "muster why a1b2c3d4", "muster why P-0001"],
  flags: {},
  takes: [1, 1],
  async run({ words, daemon, isJson, print }) {
    const [id = ""] = words;
    const client = await daemon();
    const why = await client.get<Why>(`/api/why/${encodeURIComponent(id)}`).catch((error: unknown) => {
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
