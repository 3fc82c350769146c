import type { AgentId } from "../core/ids.ts";
import type { Place } from "../core/ports.ts";
import { quoted } from "../core/shell-word.ts";

/** Set to true in front of the CLI's own fields of a refused repeat, so that nobody takes it for a turn. */
export const REFUSED = "muster_refused";

/** How a settings file names the program: its own failure may not refuse a person's prompt (see `promptHook`). */
export const promptHookCommand = (path: string): string => `[ -r ${quoted(path)} ] && . ${quoted(path)}; exit 0`;

/**
 * The POSIX sh program behind UserPromptSubmit: receipt and duplicate filter in one (delivery contract, reliability §2).
 *
 * - `receipts/ID` is created with O_EXCL for each mark `⟦m:ID⟧`; it holds the payload.
 * - Exit 2 (the prompt is refused) only when every mark is known already and the prompt is nothing but our marked text.
 * - A person's text mixed in cannot be erased: exit 0 with additionalContext that names the repeats.
 * - Whatever fails on our side exits 0. dash ends with 2 on its own errors, a missing `.` file included, and 2 refuses the
 *   prompt: hence the trap, and `promptHookCommand`.
 *
 * One fork: `read` would take the JSON from its pipe byte by byte (28 ms for 50 KB, instead of 5; dash 0.5.12). Work is linear in
 * its length: fields are split at the bytes of the brackets (or at backslashes, where the CLI writes `\u27e6`);
 * `${x#*pattern}` would be quadratic in dash.
 */
export function promptHook(place: Place, agent: AgentId): string {
  return `#!/bin/sh
code=0
trap 'exit "$code"' EXIT
LC_ALL=C
umask 077
set -fC
exec 3>&2 2>/dev/null
receipts=${quoted(place.receipts)}
seen=${quoted(place.seen)}
spool=${quoted(`${place.spool}/${agent}`)}.$$.json
${PROGRAM}`;
}

/** Not written in the program itself: Bun 1.4.4 turns other than ASCII letters inside String.raw into \\u escapes. */
const OPEN = "\u27e6";
const CLOSE = "\u27e7";

const PROGRAM = String.raw`
input=$(tr -d '\n')

open='${OPEN}' close='${CLOSE}' form=raw
case $input in
  *'${OPEN}m:'*) IFS='${OPEN}${CLOSE}' ;;
  *'\u27e6m:'*) IFS='\' open='\u27e6' close='\u27e7' form=escaped ;;
  *) printf '%s\n' "$input" >|"$spool"; exit 0 ;;
esac

# Is the text before a mark nothing but our head (From NAME)?
is_head() {
  case $where in
    first) case $1 in *'"prompt":"From '*) set -- "${"$"}{1##*'"prompt":"From '}" ;; *) return 1 ;; esac ;;
    *) case $1 in 'From '* | ' From '*) set -- "${"$"}{1#*From }" ;; *) return 1 ;; esac ;;
  esac
  case $1 in *'From '* | *\\*) return 1 ;; esac
  [ ${"$"}{#1} -le 60 ]
}

# Takes the mark $1, unless it only looks like one.
take() {
  case $1 in '' | *[!A-Za-z0-9-]*) return 1 ;; esac
  [ ${"$"}{#1} -le 64 ] || return 1
  case $input in *"${"$"}{open}m:$1$close"*) ;; *) return 1 ;; esac
  if [ -n "$inside" ] || ! is_head "$outside"; then ours=no; fi
  inside=$1 where=between outside=
  if [ ! -e "$seen/$1" ] && printf '%s\n' "$input" >"$receipts/$1"; then new=yes
  elif [ -e "$seen/$1" ] || [ -e "$receipts/$1" ]; then repeats="$repeats $1"
  else new=yes
  fi
}

inside= where=first ours=yes new=no repeats= outside= blanks=0
set -- $input
IFS=' '
for field; do
  if [ -z "$field" ]; then blanks=$((blanks + 1)); continue; fi
  name=$field
  if [ $form = escaped ]; then
    # After an odd number of blanks the backslash itself was escaped: somebody's text about a mark, no mark.
    case $((blanks % 2))$field in
      0u27e6*) name=${"$"}{field#u27e6} ;;
      0u27e7*) field=${"$"}{field#u27e7} name= ;;
      *) field="\\$field" name= ;;
    esac
  fi
  blanks=0
  case $name in
    m:*) take "${"$"}{name#m:}" && continue ;;
    /m:*) if [ "${"$"}{name#/m:}" = "$inside" ]; then inside= outside=; continue; fi ;;
  esac
  # A head is short; to join more would be quadratic.
  if [ -z "$inside" ] && [ $ours = yes ]; then
    outside="$outside$field"
    [ ${"$"}{#outside} -le 4000 ] || ours=no
  fi
done
case $inside$outside in '"'* | ' "'*) ;; *) ours=no ;; esac

if [ -n "$repeats" ] && [ $new = no ] && [ $ours = yes ]; then
  printf '{"${REFUSED}":true,%s\n' "${"$"}{input#?}" >|"$spool"
  printf 'Muster: already delivered:%s\n' "$repeats" >&3
  code=2
  exit
fi
printf '%s\n' "$input" >|"$spool"
if [ -n "$repeats" ]; then
  printf '{"hookSpecificOutput":{"hookEventName":"UserPromptSubmit","additionalContext":"Muster: already delivered:%s. Ignore this repeat; follow only the other text."}}\n' "$repeats"
fi
exit
`;
