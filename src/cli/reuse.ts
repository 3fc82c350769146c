import { readFileSync } from "node:fs";
import type { JobRow } from "../core/job-row.ts";
import { Refusal } from "../core/refusal.ts";
import { type CommandSpec, isSet, text } from "./command.ts";
import { handOver } from "./hand-over.ts";
import { minutesOf } from "./start.ts";
import { paint } from "./style.ts";

export const command: CommandSpec = {
  name: "reuse",
  usage: "reuse ID PROMPT|- [--force] [--timeout MIN]",
  summary:
    "Gives an idle agent another job: its conversation is cleared, then the prompt is typed in the same terminal. The job before stays as ID#n. - reads the prompt from standard input.",
  examples: ['muster reuse a1b2 "Now write the tests for it"', "muster reuse a1b2 - --force < prompt.txt"],
  flags: {
    force: { type: "boolean", help: "interrupt what it does; an unfinished job fails for it" },
    timeout: { type: "string", value: "MIN", help: "end it after so many minutes: failed, timeout" },
    mid: { type: "string", value: "MID", help: "id of the prompt: asking again with the same id changes nothing" },
  },
  takes: [2, 2],
  async run({ words, flags, daemon, isJson, print }) {
    const [id = "", given = ""] = words;
    const prompt = given === "-" ? readFileSync(0, "utf8") : given;
    if (prompt.trim() === "") throw new Refusal("usage", "the prompt is empty", `muster reuse ${id} "what to do"`);
    const name = encodeURIComponent(id);
    const timeout = minutesOf(text(flags, "timeout"));
    const body = { prompt, force: isSet(flags, "force"), timeout, mid: text(flags, "mid") };
    const mid = await handOver(daemon, `/api/actions/jobs/${name}/reuse`, body);
    const { agent, id: job } = await (await daemon()).get<JobRow>(`/api/jobs/${name}`);
    if (isJson) print(JSON.stringify({ agent, job, mid }));
    else print(`Job started: ${paint("bold", job)}\n  ${paint("dim", "Watch:")} muster watch ${agent}`);
    return 0;
  },
};
