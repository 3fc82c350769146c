import { parseArgs } from "node:util";
import { connect } from "../client/connect.ts";
import { homeAt, homeFolder } from "../client/home.ts";
import { nearest } from "../core/nearest.ts";
import { REFUSALS, Refusal } from "../core/refusal.ts";
import { VERSION } from "../version.ts";
import type { Call, CommandSpec, Flag, Values } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { isTerminal, line, paint, table } from "./style.ts";

const COMMON: Record<string, Flag> = {
  json: { type: "boolean", help: "output for machines" },
  help: { type: "boolean", short: "h", help: "this text" },
};

function overview(): string {
  const rows = Object.entries(COMMANDS).map(([name, { summary }]) => [`  ${paint("bold", name)}`, summary]);
  return `${paint("bold", "muster")} ${VERSION} runs teams of AI coding CLIs and makes them deliver tested commits.

${table(rows)}

muster COMMAND --help says more. Exit codes: 0 done, 1 failed, 64 usage, 66 no such thing, 69 no daemon, 73 refused now.`;
}

function helpOf(command: CommandSpec): string {
  const flags = Object.entries({ ...command.flags, ...COMMON }).map(([name, flag]) => {
    const short = flag.short ? `-${flag.short}, ` : "";
    return [`  ${short}--${name}${flag.type === "string" ? ` ${flag.value ?? "VALUE"}` : ""}`, flag.help];
  });
  return `muster ${command.usage}\n${command.summary}\n\n${table(flags)}\n\nExamples:\n${command.examples.map((example) => `  ${example}`).join("\n")}`;
}

/** What was typed, by the command's own list; anything else is refused with the nearest name. */
function parse(command: CommandSpec, argv: string[]): { words: string[]; flags: Values } {
  const options = { ...command.flags, ...COMMON };
  const { tokens } = parseArgs({ args: argv, options, allowPositionals: true, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== "option" || Object.hasOwn(options, token.name)) continue;
    const meant = nearest(token.name, Object.keys(options));
    const hint = meant
      ? `did you mean --${meant}? -- ends flags`
      : `muster ${command.name} --help lists them; -- ends flags`;
    throw new Refusal("usage", `muster ${command.name} knows no ${token.rawName}`, hint);
  }
  try {
    const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
    return { words: positionals, flags: values };
  } catch (error) {
    throw new Refusal("usage", error instanceof Error ? error.message : String(error), `muster ${command.usage}`);
  }
}

function requireWords(command: CommandSpec, words: string[]): void {
  const [least, most] = command.takes ?? [0, 0];
  if (words.length >= least && words.length <= most) return;
  throw new Refusal(
    "usage",
    `${command.name} takes ${least === most ? least : `${least} to ${most}`} words, not ${words.length}`,
    `muster ${command.usage}`,
  );
}

async function find(word: string): Promise<CommandSpec> {
  const known = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  if (known) return (await known.load()).command;
  const meant = nearest(word, Object.keys(COMMANDS));
  throw new Refusal(
    "usage",
    `no command ${word}`,
    meant ? `did you mean muster ${meant}?` : "muster --help lists them",
  );
}

const isBrokenPipe = (error: unknown): boolean => (error as { code?: string } | null)?.code === "EPIPE";

function fail(error: unknown, word: string, isJson: boolean): number {
  if (isBrokenPipe(error)) return 0;
  if (!(error instanceof Refusal)) {
    console.error(
      `muster: ${word}: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return 1;
  }
  const { code, message, hint, details } = error;
  if (!isJson) for (const row of details) console.error(line(row));
  if (isJson) console.log(JSON.stringify({ error: { code, message, hint, ...(details.length > 0 && { details }) } }));
  else console.error(`muster: ${word}: ${message}${hint ? `; ${hint}` : ""}`);
  return REFUSALS[code].exit;
}

/** Runs one command line; the result is the exit code. */
export async function runCli(argv: string[], env: Record<string, string | undefined>): Promise<number> {
  const [word = "", ...rest] = argv;
  const isJson = rest.includes("--json");
  if (["", "help", "--help", "-h"].includes(word)) {
    console.log(overview());
    return word === "" ? 64 : 0;
  }
  try {
    const command = await find(word === "--version" || word === "-v" ? "version" : word);
    const { words, flags } = parse(command, rest);
    if (flags.help) {
      console.log(helpOf(command));
      return 0;
    }
    requireWords(command, words);
    const home = homeAt(homeFolder(env));
    const call: Call = {
      words,
      flags,
      isJson,
      home,
      cwd: process.cwd(),
      env,
      daemon: () => connect(home, env),
      print: (text) => console.log(text),
      isTty: isTerminal,
    };
    return await command.run(call);
  } catch (error) {
    return fail(error, word, isJson);
  }
}
