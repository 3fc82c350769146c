import { quoted } from "../../core/shell-word.ts";
import type { Words } from "./words.ts";

const flagsOf = ({ flags }: Words): string[] =>
  flags.flatMap(({ name, short }) => [`--${name}`, ...(short ? [`-${short}`] : [])]);

const valuedOf = ({ flags }: Words): string[] =>
  flags
    .filter(({ takesValue }) => takesValue)
    .flatMap(({ name, short }) => [`--${name}`, ...(short ? [`-${short}`] : [])]);

/** Also for bash 3.2, which macOS has: no mapfile, no associative arrays. */
function bash(all: Words[]): string {
  const cases = all.map((words) => {
    const valued = valuedOf(words);
    return `    ${words.name}) flags=${quoted(flagsOf(words).join(" "))} valued=${quoted(` ${valued.join(" ")} `)} choices=${quoted(words.choices.join(" "))} ;;`;
  });
  return `# Commands and flags of muster, completed in bash.
_muster() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} flags= valued= choices=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoted([...all.map(({ name }) => name), "help"].join(" "))} -- "$current"))
    return
  fi
  case \${COMP_WORDS[1]} in
    help) [ "$COMP_CWORD" -ne 2 ] || COMPREPLY=($(compgen -W ${quoted(all.map(({ name }) => name).join(" "))} -- "$current")); return ;;
${cases.join("\n")}
  esac
  case $valued in *" $before "*) COMPREPLY=($(compgen -f -- "$current")); return ;; esac
  case $current in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$current")) ;;
    *) [ "$COMP_CWORD" -ne 2 ] || COMPREPLY=($(compgen -W "$choices" -- "$current")) ;;
  esac
}
complete -o default -F _muster muster
`;
}

/** A colon and brackets mean something to zsh's _arguments. */
const zshText = (text: string): string => text.replaceAll(/[\\:[\]]/g, "\\$&");

function zsh(all: Words[]): string {
  const cases = all.map((words) => {
    const flags = words.flags.flatMap(({ name, short, help, takesValue }) =>
      [`--${name}`, ...(short ? [`-${short}`] : [])].map((flag) =>
        quoted(`${flag}[${zshText(help)}]${takesValue ? ":value:_files" : ""}`),
      ),
    );
    const choices = words.choices.length > 0 ? quoted(`1:word:(${words.choices.join(" ")})`) : quoted("*:: :_files");
    return `    ${words.name}) _arguments ${[...flags, choices].join(" ")} ;;`;
  });
  const names = all.map(({ name, summary }) => quoted(`${name.replaceAll(":", "\\:")}:${summary}`));
  return `#compdef muster
# Commands and flags of muster, completed in zsh.
_muster() {
  local -a commands
  commands=(${names.join(" ")})
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local word=\${words[2]}
  shift words
  (( CURRENT-- ))
  case $word in
    help) _describe command commands ;;
${cases.join("\n")}
  esac
}
compdef _muster muster
`;
}

const fishText = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

function fish(all: Words[]): string {
  const lines = all.flatMap(({ name, summary, choices, flags }) => {
    const seen = `-n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c muster -n __fish_use_subcommand -f -a ${name} -d ${fishText(summary)}`,
      ...(choices.length > 0 ? [`complete -c muster ${seen} -f -a ${fishText(choices.join(" "))}`] : []),
      ...flags.map(({ name: flag, short, help, takesValue }) => {
        const shortFlag = short ? ` -s ${short}` : "";
        return `complete -c muster ${seen} -l ${flag}${shortFlag}${takesValue ? " -r" : ""} -d ${fishText(help)}`;
      }),
    ];
  });
  return `# Commands and flags of muster, completed in fish.\n${lines.join("\n")}\n`;
}

/** A completion script for each shell. */
export const SCRIPTS: Record<string, (all: Words[]) => string> = { bash, zsh, fish };
