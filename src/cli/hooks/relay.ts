import { quoted } from "../../core/shell-word.ts";

/** As many events may wait for a daemon that is down; beyond, those before a tool's use are dropped and counted. */
const LIMIT = 10_000;

/**
 * The POSIX sh program behind the hooks: the payload as it is into a file of its own in the spool. It is read into another
 * shell (`.`), with `muster_event` set. No jq, one fork. Whatever fails ends with 0: dash ends with 2 on its own errors, and 2
 * would refuse a tool's use.
 *
 * The bound is looked at once in about 50 runs (counting takes milliseconds) and kept as the file `full`; each dropped event
 * is one byte in `dropped`.
 */
const program = (home: string, isSilent: string): string => `#!/bin/sh
trap 'exit 0' EXIT
umask 077
set +e +f
home=${home}
${isSilent}
case $$ in
  *[05]0)
    set -- "$home"/spool/*
    if [ $# -gt ${LIMIT} ]; then { mkdir -p "$home/hooks" && : >"$home/hooks/full"; } 2>/dev/null
    else rm -f "$home/hooks/full"
    fi ;;
esac
if [ "$muster_event" = PreToolUse ] && [ -e "$home/hooks/full" ]; then
  { printf . >>"$home/hooks/dropped"; } 2>/dev/null
  cat >/dev/null 2>&1
  exit 0
fi
{ cat >>"$home/spool/user.$$.$PPID.json"; } 2>/dev/null
exit 0
`;

const OF_AGENT = `# An agent of Muster reports by hooks of its own.
if [ -n "$MUSTER_AGENT" ]; then cat >/dev/null 2>&1; exit 0; fi`;

/** For a person's own settings. */
export const relay = (home: string): string => program(quoted(home), OF_AGENT);

/** For the plugin, which knows no home: silent where setup-hooks is in force, so that nothing is told twice. */
export const pluginRelay = (): string =>
  program(
    `"\${MUSTER_HOME:-$HOME/.muster}"`,
    `${OF_AGENT}
# The hooks of muster setup-hooks tell it already, or there is no Muster here.
if [ -e "$home/hooks/installed.json" ] || [ ! -d "$home/spool" ]; then cat >/dev/null 2>&1; exit 0; fi`,
  );
