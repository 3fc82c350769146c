import type { JobOrder } from "../core/api.ts";
import { Refusal } from "../core/refusal.ts";
import { preview } from "../core/text.ts";
import { type Call, type CommandSpec, isSet, texts } from "./command.ts";
import { line, paint, table } from "./style.ts";
import {
  readTemplate,
  removeTemplate,
  requireName,
  type TemplateFlags,
  templateNames,
  writeTemplate,
} from "./templates/file.ts";
import { emptied, pairsFrom, placeholdersIn } from "./templates/fill.ts";

const PROMPT_SHOWN = 60;

function flagsFrom({ agent, sandbox, model, reasoning, timeout, budget, worktree, plain }: JobOrder): TemplateFlags {
  const all = {
    ...{ agent, sandbox, model, reasoning, budget, timeout: timeout === undefined ? undefined : String(timeout) },
    ...{ worktree: worktree || undefined, "strip-ansi": plain || undefined },
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

async function save({ words, flags, home, daemon, isJson, print }: Call): Promise<void> {
  const [, job = "", given] = words;
  const values = pairsFrom(texts(flags, "as"), "as");
  const order = await (await daemon()).get<JobOrder>(`/api/jobs/${encodeURIComponent(job)}/order`);
  const name = requireName(given ?? order.id.replace("#", "-"));
  const prompt = emptied(order.prompt, values);
  const path = writeTemplate(home, name, { prompt, flags: flagsFrom(order) }, isSet(flags, "force"));
  const placeholders = placeholdersIn(prompt);
  if (isJson) return print(JSON.stringify({ name, path, placeholders }));
  const sets = placeholders.map((one) => (one === "prompt" ? ' "what to do"' : ` --set ${one}=TEXT`)).join("");
  print(`template ${paint("bold", name)}: ${path}\n  muster start --template ${name}${sets}`);
}

async function list({ home, isJson, print }: Call): Promise<void> {
  const rows = templateNames(home).map((name) => {
    try {
      const { prompt } = readTemplate(home, name);
      return { name, prompt: preview(prompt, PROMPT_SHOWN), placeholders: placeholdersIn(prompt), problem: null };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { name, prompt: "", placeholders: [], problem: error.message };
    }
  });
  if (isJson) return print(JSON.stringify(rows, null, 1));
  if (rows.length === 0) return print("No templates. muster template save JOB NAME makes one of a job.");
  const head = ["TEMPLATE", "WANTS", "PROMPT"].map((title) => paint("dim", title));
  const cells = rows.map(({ name, prompt, placeholders, problem }) => [
    ...[name, placeholders.join(", ")],
    problem === null ? line(prompt) : paint("red", line(problem)),
  ]);
  print(table([head, ...cells]));
}

async function show({ words, home, isJson, print }: Call): Promise<void> {
  const template = readTemplate(home, requireName(words[1]));
  if (isJson) return print(JSON.stringify(template, null, 1));
  const flags = Object.entries(template.flags).map(([name, value]) => `--${name}${value === true ? "" : ` ${value}`}`);
  print(`${paint("dim", flags.join(" ") || "no flags")}\n\n${template.prompt}`);
}

async function remove({ words, home, isJson, print }: Call): Promise<void> {
  const name = requireName(words[1]);
  removeTemplate(home, name);
  print(isJson ? JSON.stringify({ name }) : `template ${name} is deleted`);
}

const ACTS: Record<string, (call: Call) => Promise<void>> = { list, save, show, delete: remove };

export const command: CommandSpec = {
  name: "template",
  usage: "template [list] | save JOB [NAME] | show|delete NAME",
  summary:
    "Starts to be used again: prompt and flags of a job, in one file of Muster's home each. {{name}} in its prompt is filled in at the start.",
  examples: [
    "muster template save a1b2 review --as file=src/auth.ts",
    "muster start --template review --set file=src/pay.ts",
    "muster template list",
  ],
  flags: {
    as: {
      type: "string",
      multiple: true,
      value: "NAME=TEXT",
      help: "save: this text of the prompt becomes {{NAME}}; again for more",
    },
    force: { type: "boolean", help: "save: replaces the one of that name" },
  },
  takes: [0, 3],
  async run(call) {
    const [act = "list", subject, more] = call.words;
    const run = Object.hasOwn(ACTS, act) ? ACTS[act] : undefined;
    if (!run) throw new Refusal("usage", `template ${act} is nothing`, Object.keys(ACTS).join(", "));
    if (act !== "list" && subject === undefined)
      throw new Refusal("usage", `template ${act} needs a name`, `muster ${command.usage}`);
    if ((act === "list" && subject !== undefined) || (act !== "save" && more !== undefined))
      throw new Refusal("usage", `template ${act} takes no ${more ?? subject}`, `muster ${command.usage}`);
    await run(call);
    return 0;
  },
};
