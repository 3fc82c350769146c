import { Refusal } from "../core/refusal.ts";
import type { Call, CommandSpec } from "./command.ts";
import { armyFindings } from "./doctor/army.ts";
import { isWell, machine } from "./doctor/machine.ts";
import { type Finding, repositoryFindings } from "./doctor/repository.ts";
import { line, paint, table } from "./style.ts";

const SECTIONS = ["all", "roles", "army"];

const BOUNDARY: Finding = {
  name: "boundary",
  ok: null,
  detail: "agents run as you: without a sandbox they can read what you can read",
};

async function findingsOf(call: Call, section: string): Promise<Finding[]> {
  if (section === "army") return armyFindings(call);
  const found = machine(call);
  const isAll = section === "all";
  // Without git, tmux or a home no daemon starts that could be asked.
  const inside = isWell(found.filter(({ name }) => !name.endsWith("_I_CMD")))
    ? await repositoryFindings(call, isAll)
    : [];
  return isAll ? [...found, ...inside, BOUNDARY] : [...found.filter(({ ok }) => ok === false), ...inside];
}

export const command: CommandSpec = {
  name: "doctor",
  usage: "doctor [all|roles|army]",
  summary:
    "Says what is there and what is missing: programs, home, who would sit where, settings, tokens. army: why agents do not start, are stuck, are not seen, each with its cause and the next command. Exit code 1 when something needed is missing.",
  examples: ["muster doctor", "muster doctor roles", "muster doctor army", "muster doctor --json"],
  flags: {},
  takes: [0, 1],
  async run(call) {
    const { words, isJson, print } = call;
    const section = words[0] ?? "all";
    if (!SECTIONS.includes(section))
      throw new Refusal("usage", `no section ${section}`, `known: ${SECTIONS.join(", ")}`);
    const findings = await findingsOf(call, section);
    const isReady = isWell(findings);
    const missing = findings.filter(({ ok }) => ok === false).map(({ name }) => name);
    if (isJson) print(JSON.stringify({ ready: isReady, findings }, null, 1));
    else {
      const marks = { true: paint("green", "ok"), false: paint("red", "MISSING"), null: paint("yellow", "note") };
      print(table(findings.map(({ name, ok, detail }) => [name, marks[String(ok) as "true"], line(detail)])));
      print(`\nStatus: ${isReady ? paint("green", "Ready") : paint("red", `not ready: ${missing.join(", ")}`)}`);
    }
    return isReady ? 0 : 1;
  },
};
