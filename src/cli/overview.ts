import { VERSION } from "../version.ts";
import { COMMON } from "./arguments.ts";
import type { CommandSpec } from "./command.ts";
import { COMMANDS, GROUPS } from "./commands.ts";
import { paint, table, wrapped } from "./style.ts";

const WIDTH = Math.max(...Object.keys(COMMANDS).map((name) => name.length));

function groupText(title: string, names: readonly string[]): string {
  const rows = names.map((name) => [`  ${paint("bold", name.padEnd(WIDTH))}`, COMMANDS[name]?.summary ?? ""]);
  return `${paint("dim", title)}\n${table(rows)}`;
}

/** All commands, in the order in which a person meets them. */
export function overview(): string {
  const groups = Object.entries(GROUPS).map(([title, names]) => groupText(title, names));
  const codes = "0 done, 1 failed, 64 wrong usage, 66 no such thing, 69 no daemon, 73 refused now, 130 interrupted";
  return `${paint("bold", "muster")} ${VERSION} runs teams of AI coding CLIs and makes them deliver tested commits.

${groups.join("\n\n")}

${wrapped("muster COMMAND --help says more; --json on each is for programs. ID is an id, its first four characters or more, or a seat such as PeerA.")}
${wrapped(`Exit codes: ${codes}.`)}`;
}

/** One command: its use, what it does, its flags, examples. */
export function helpOf(command: CommandSpec): string {
  const flags = Object.entries({ ...command.flags, ...COMMON }).map(([name, flag]) => {
    const short = flag.short ? `-${flag.short}, ` : "";
    return [`  ${short}--${name}${flag.type === "string" ? ` ${flag.value ?? "VALUE"}` : ""}`, flag.help];
  });
  const examples = command.examples.map((example) => `  ${example}`).join("\n");
  return `muster ${command.usage}\n${wrapped(command.summary)}\n\n${table(flags)}\n\nExamples:\n${examples}`;
}
