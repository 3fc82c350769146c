import { isListening } from "../client/connect.ts";
import { VERSION } from "../version.ts";
import type { Call, CommandSpec } from "./command.ts";
import { driverFindings } from "./doctor/drivers.ts";
import { hookFinding } from "./doctor/hooks.ts";
import { isWell, machine } from "./doctor/machine.ts";
import type { Finding } from "./doctor/repository.ts";
import { line, paint } from "./style.ts";

/** Looks only: a check of health starts nothing. */
async function daemonFinding({ home, daemon }: Call): Promise<Finding> {
  const name = "daemon";
  if (!(await isListening(home.socket))) return { name, ok: null, detail: "not running; the next command starts it" };
  try {
    const { pid, version } = await (await daemon()).get<{ pid: number; version: string }>("/api/health");
    const isSame = version === VERSION;
    const note = isSame ? "" : `; this is ${VERSION}: muster stop --daemon ends the other, agents live on`;
    return { name, ok: isSame ? true : null, detail: `${version}, process ${pid}${note}` };
  } catch (error) {
    return { name, ok: false, detail: `it listens and does not answer: ${(error as Error).message}` };
  }
}

const shown = ({ name, ok, detail }: Finding): string => {
  const mark = { true: paint("green", "OK"), false: paint("red", "MISSING"), null: paint("yellow", "note") }[
    String(ok) as "true"
  ];
  return `${name}: ${mark} ${line(detail)}`;
};

export const command: CommandSpec = {
  name: "health",
  usage: "health",
  summary:
    "Can this machine work? tmux, git, Bun, the CLIs with their versions and logins, hooks of your own sessions, daemon, disk. Starts nothing. Exit code 1 when something needed is missing. muster doctor looks at the repository as well.",
  examples: ["muster health", "muster health --json"],
  flags: {},
  async run(call) {
    const { env, isJson, print } = call;
    const findings = [...machine(call), ...driverFindings(env), hookFinding(call), await daemonFinding(call)];
    const missing = findings.filter(({ ok }) => ok === false).map(({ name }) => name);
    const isReady = isWell(findings);
    if (isJson) print(JSON.stringify({ ready: isReady, missing, findings }, null, 1));
    else {
      const status = isReady ? paint("green", "Ready") : paint("red", `not ready: ${missing.join(", ")}`);
      print([...findings.map(shown), `Status: ${status}`].join("\n"));
    }
    return isReady ? 0 : 1;
  },
};
