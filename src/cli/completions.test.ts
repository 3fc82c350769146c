import { expect, test } from "bun:test";
import { ran } from "../../test/fakes/call.ts";
import { COMMANDS } from "./commands.ts";
import { allWords } from "./completions/words.ts";
import { command } from "./completions.ts";

const scriptOf = async (shell: string) => (await ran(command, { words: [shell] })).out;

/** What bash itself offers for a line whose last word is being typed. */
async function offered(...line: string[]): Promise<string[]> {
  const script = `${await scriptOf("bash")}
complete -p muster >&2 || exit 9
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_muster
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const done = Bun.spawnSync(["bash", "--norc", "-c", script, "bash", "-", "muster", ...line], { stderr: "pipe" });
  expect([done.exitCode, done.stderr.toString().trim()]).toEqual([0, "complete -o default -F _muster muster"]);
  return done.stdout
    .toString()
    .split("\n")
    .filter((word) => word !== "");
}

test("bash completes every command, and those that begin as typed", async () => {
  expect((await offered("")).sort()).toEqual([...Object.keys(COMMANDS), "help"].sort());
  expect(await offered("remove")).toEqual(["remove-hooks"]);
  expect(await offered("help", "heal")).toEqual(["health"]);
});

test("bash completes the flags of the command that stands there, and no other's", async () => {
  expect(await offered("reset", "--")).toEqual(["--archive", "--yes", "--dir", "--json", "--help"]);
  expect(await offered("start", "x", "--mod")).toEqual(["--model"]);
  expect(await offered("nothing", "--")).toEqual([]);
});

test("bash completes a first word that has few choices, and paths behind a flag that takes a value", async () => {
  expect(await offered("completions", "")).toEqual(["bash", "zsh", "fish"]);
  expect(await offered("doctor", "ro")).toEqual(["roles"]);
  expect(await offered("reset", "--dir", "/et")).toEqual(["/etc"]);
});

test("every command's flags are in the scripts of all shells", async () => {
  const all = await allWords(COMMANDS);
  const [zsh, fish] = [await scriptOf("zsh"), await scriptOf("fish")];
  for (const { name, flags } of all) {
    expect(fish).toContain(`-f -a ${name} `);
    expect(zsh).toContain(`    ${name}) _arguments `);
    for (const flag of flags) {
      expect(fish).toContain(`__fish_seen_subcommand_from ${name}' -l ${flag.name}`);
      expect(zsh).toContain(`'--${flag.name}[`);
    }
  }
});

test("a shell that is not known is refused with the nearest name", async () => {
  expect(await ran(command, { words: ["fisch"] })).toEqual({
    ...{ out: "", err: "no completions for fisch; did you mean fish?", code: 64 },
  });
  expect((await ran(command, { words: ["constructor"] })).code).toBe(64);
});

test("each shell that is here takes its script without complaint", async () => {
  for (const shell of ["bash", "zsh", "fish"] as const) {
    if (!Bun.which(shell)) continue;
    const done = Bun.spawnSync([shell, "-n"], { stdin: Buffer.from(await scriptOf(shell)), stderr: "pipe" });
    expect([shell, done.exitCode, done.stderr.toString()]).toEqual([shell, 0, ""]);
  }
});
