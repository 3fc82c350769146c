import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Refusal } from "../core/refusal.ts";
import { type CommandSpec, text, type Values } from "./command.ts";
import { type Recount, recount } from "./prove/recount.ts";
import { Trial } from "./prove/trial.ts";
import { duration, paint, table } from "./style.ts";

/** Guards that `--mutate` takes away; without each set a small trial fails every time (test/journeys/prove.test.ts). */
export const MUTATIONS: Record<string, string> = {
  "ignore-drafts": "drafts,verify",
  "no-receipt": "hook,look,receipt,grace",
  "no-look": "look,receipt,verify,grace",
};

const countOf = (flags: Values, name: string): number => {
  const given = text(flags, name) ?? "";
  const count = Number(given);
  if (/^\d{1,6}$/.test(given) && count <= 100_000) return count;
  throw new Refusal("usage", `--${name} ${given} is no count`, "a whole number up to 100000");
};

export const isClean = (found: Recount): boolean =>
  [found.lost, found.doubled, found.fused, found.reordered].every((list) => list.length === 0);

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** The answer first, in one line. */
function verdict(found: Recount): string {
  const faults = Object.entries({
    lost: found.lost,
    doubled: found.doubled,
    fused: found.fused,
    reordered: found.reordered,
  })
    .filter(([, list]) => list.length > 0)
    .map(([name, list]) => `${list.length} ${name}`);
  if (faults.length > 0) return paint("red", `refuted: ${faults.join(", ")} of ${found.sent} messages`);
  return paint("green", `proven: ${found.sent} messages arrived once each, whole and in order`);
}

function report(found: Recount, trial?: { kills: number; tookMs: number }): string {
  const mark = (list: string[]) => (list.length === 0 ? paint("green", "0") : paint("red", String(list.length)));
  const rows = [
    ["messages sent", String(found.sent)],
    ...(trial ? [["daemon killed (SIGKILL)", String(trial.kills)]] : []),
    ["arrived", String(found.arrived)],
    ["lost", mark(found.lost)],
    ["doubled", mark(found.doubled)],
    ["fused", mark(found.fused)],
    ["reordered", mark(found.reordered)],
    ["slowest", seconds(found.slowestMs)],
    ...(trial ? [["whole trial", duration(trial.tookMs)]] : []),
  ];
  const worst = [...found.lost, ...found.doubled, ...found.fused, ...found.reordered].slice(0, 5);
  return `${verdict(found)}\n\n${table(rows)}${worst.length > 0 ? `\n\nfor example:\n  ${worst.join("\n  ")}` : ""}`;
}

function mutationOf(flags: Values): string {
  const name = text(flags, "mutate");
  if (name === undefined) return "";
  const guards = MUTATIONS[name];
  if (guards !== undefined) return guards;
  throw new Refusal("usage", `no mutation ${name}`, Object.keys(MUTATIONS).join(", "));
}

export const command: CommandSpec = {
  name: "prove",
  usage: "prove delivery [--messages N] [--kills K] [--seed S] [--mutate NAME]",
  summary:
    "Sends messages to stand-ins on this machine while the daemon is killed again and again and somebody types drafts; then counts from the receivers' transcripts alone what was lost, doubled, fused or reordered.",
  examples: [
    "muster prove delivery --messages 1000 --kills 100",
    "muster prove delivery --mutate ignore-drafts",
    "muster prove recount FOLDER",
  ],
  flags: {
    messages: { type: "string", value: "N", default: "100", help: "how many messages (100)" },
    kills: { type: "string", value: "K", default: "10", help: "how often the daemon is killed (10)" },
    seed: { type: "string", value: "S", default: "1", help: "choices of the trial (1)" },
    mutate: {
      type: "string",
      value: "NAME",
      help: `take a guard away, so that the proof must fail: ${Object.keys(MUTATIONS).join(", ")}`,
    },
  },
  takes: [1, 2],
  async run({ words, flags, env, isJson, isTty, print }) {
    const [what, given] = words;
    if (what === "recount" && given) {
      const found = recount(given);
      print(isJson ? JSON.stringify(found) : report(found));
      return isClean(found) ? 0 : 1;
    }
    if (what !== "delivery") throw new Refusal("usage", `nothing to prove about ${what}`, "muster prove delivery");
    const folder = mkdtempSync(join(tmpdir(), "muster-proof-"));
    const began = performance.now();
    const tell = ({ sent, kills }: { sent: number; kills: number }) => {
      if (isTty && !isJson) process.stdout.write(`\r${sent} sent, ${kills} kills `);
    };
    const order = {
      messages: countOf(flags, "messages"),
      kills: countOf(flags, "kills"),
      seed: countOf(flags, "seed"),
    };
    const trial = new Trial({ ...order, folder, env, tell, mutate: mutationOf(flags) });
    const leave = () => void trial.end().finally(() => process.exit(130));
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, leave);
    const { kills, states } = await trial.run();
    const found = recount(folder);
    const tookMs = performance.now() - began;
    if (isJson) print(JSON.stringify({ ...found, kills, states, tookMs: Math.round(tookMs), folder }));
    else
      print(
        `${isTty ? "\r" : ""}${report(found, { kills, tookMs })}\n\nEverything it counted is in ${folder}; muster prove recount ${folder} counts again.`,
      );
    return isClean(found) ? 0 : 1;
  },
};
