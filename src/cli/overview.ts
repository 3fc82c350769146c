import { VERSION } from "../version.ts";
import type { CommandSpec } from "./command.ts";
import { COMMANDS, GROUPS } from "./commands.ts";
import { columns, padded, paint, wrapped } from "./style.ts";
import { COMMON } from "./words.ts";

const WIDTH = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
/** Also into a pipe no line is longer. */
const PAGE = Math.min(columns(), 100);

const prose = (text: string): string => wrapped(text, 0, 0, PAGE);

/** Two columns; nothing of the second is cut. */
function rowsOf(rows: [name: string, text: string][], width: number): string {
  const before = 2 + width + 2;
  return rows
    .map(([name, text]) => `  ${paint("bold", padded(name, width))}  ${wrapped(text, before, before, PAGE)}`)
    .join("\n");
}

function groupText(title: string, names: readonly string[]): string {
  const rows = names.map((name): [string, string] => [name, COMMANDS[name]?.summary ?? ""]);
  return `${paint("dim", title)}\n${rowsOf(rows, WIDTH)}`;
}

/** All commands, in the order in which a person meets them. */
export function overview(): string {
  const groups = Object.entries(GROUPS).map(([title, names]) => groupText(title, names));
  const codes = "0 done, 1 failed, 64 wrong usage, 66 no such thing, 69 no daemon, 73 refused now, 130 interrupted";
  return `${paint("bold", "muster")} ${VERSION} runs teams of AI coding CLIs and makes them deliver tested commits.

${groups.join("\n\n")}

${prose("muster COMMAND --help says more; --json on each is for programs. ID is an id, its first four characters or more, or a seat such as PeerA.")}
${prose(`Exit codes: ${codes}.`)}`;
}

/** One command: its use, what it does, its flags, examples. */
export function helpOf(command: CommandSpec): string {
  const flags = Object.entries({ ...command.flags, ...COMMON }).map(([name, flag]): [string, string] => {
    const short = flag.short ? `-${flag.short}, ` : "";
    return [`${short}--${name}${flag.type === "string" ? ` ${flag.value ?? "VALUE"}` : ""}`, flag.help];
  });
  const width = Math.max(...flags.map(([name]) => name.length));
  const examples = command.examples.map((example) => `  ${example}`).join("\n");
  const use = wrapped(`muster ${command.usage}`, 0, 4, PAGE);
  return `${use}\n${prose(command.summary)}\n\n${rowsOf(flags, width)}\n\nExamples:\n${examples}`;
}
