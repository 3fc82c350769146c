import { connect } from "../client/connect.ts";
import { homeAt, homeFolder } from "../client/home.ts";
import { nearest } from "../core/nearest.ts";
import { Refusal } from "../core/refusal.ts";

import type { Call, CommandSpec, Values } from "./command.ts";
import { ALIASES, COMMANDS } from "./commands.ts";
import { fail } from "./failure.ts";
import { write, written } from "./standard-output.ts";
import { isTerminal } from "./style.ts";
import { isGiven, requireWords } from "./words.ts";

const print = (text: string): void => write(new TextEncoder().encode(`${text}\n`));

async function find(given: string): Promise<CommandSpec> {
  const word = Object.hasOwn(ALIASES, given) ? (ALIASES[given] ?? given) : given;
  const known = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  if (known) return (await known.load()).command;
  const meant = nearest(word, Object.keys(COMMANDS));
  throw new Refusal(
    "usage",
    `no command ${word}`,
    meant ? `did you mean muster ${meant}?` : "muster --help lists them",
  );
}

/** Reads what was typed. Without an argument there is nothing to parse, and node:util, which takes 3 ms to load, is not needed. */
async function typed(command: CommandSpec, argv: string[]): Promise<{ words: string[]; flags: Values }> {
  if (argv.length > 0) return (await import("./arguments.ts")).parse(command, argv);
  const defaults = Object.entries(command.flags).flatMap(([name, flag]) => {
    return flag.default === undefined ? [] : [[name, flag.default]];
  });
  return { words: [], flags: Object.fromEntries(defaults) };
}

/** Nothing, `help`, `help COMMAND` and their like; the result is the exit code, null = something else. */
async function help(argv: string[]): Promise<number | null> {
  const [word = "", about] = argv;
  if (!["", "help", "--help", "-h"].includes(word)) return null;
  const { helpOf, overview } = await import("./overview.ts");
  print(word === "help" && about !== undefined && !about.startsWith("-") ? helpOf(await find(about)) : overview());
  return word === "" ? 64 : 0;
}

async function run(argv: string[], env: Record<string, string | undefined>): Promise<number> {
  const helped = await help(argv);
  if (helped !== null) return helped;
  const [word = "", ...rest] = argv;
  const command = await find(word === "--version" || word === "-v" ? "version" : word);
  const { words, flags } = await typed(command, rest);
  if (flags.help) return (await help(["help", command.name])) ?? 0;
  requireWords(command, words);
  const home = homeAt(homeFolder(env));
  const call: Call = {
    words,
    flags,
    isJson: flags.json === true,
    home,
    cwd: process.cwd(),
    env,
    daemon: () => connect(home, env),
    print,
    write,
    written,
    isTty: isTerminal,
    commands: COMMANDS,
  };
  return command.run(call);
}

/** Runs one command line; the result is the exit code. */
export async function runCli(argv: string[], env: Record<string, string | undefined>): Promise<number> {
  try {
    const code = await run(argv, env);
    await written();
    return code;
  } catch (error) {
    await written().catch(() => {});
    return fail(error, argv[0] ?? "", isGiven(argv, "--json"));
  }
}
