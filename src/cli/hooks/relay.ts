import { quoted } from "./entries.ts";

/** As many events may wait for a daemon that is down; beyond, those before a tool's use are dropped and counted. */
const LIMIT = 10_000;

/**
 * The POSIX sh program that the hooks of a person's own settings run: the payload as it is into a file of its own in the
 * spool. It may be read into another shell (`.`), with `muster_event` set. No jq, one fork. Whatever fails ends with 0: dash
 * ends with 2 on its own errors, and 2 would refuse a tool's use.
 *
 * The bound is looked at once in about 64 runs (counting takes milliseconds) and kept as the file `full`; each dropped event
 * is one byte in `dropped`.
 */
export const relay = (home: string, limit = LIMIT): string => `#!/bin/sh
trap 'exit 0' EXIT
umask 077
set +e +f
home=${quoted(home)}
# An agent of Muster reports by hooks of its own.
if [ -n "$MUSTER_AGENT" ]; then cat >/dev/null 2>&1; exit 0; fi
case $$ in
  *[05]0)
    set -- "$home"/spool/*
    if [ $# -gt ${limit} ]; then { : >"$home/hooks/full"; } 2>/dev/null; else rm -f "$home/hooks/full"; fi ;;
esac
if [ "$muster_event" = PreToolUse ] && [ -e "$home/hooks/full" ]; then
  { printf . >>"$home/hooks/dropped"; } 2>/dev/null
  cat >/dev/null 2>&1
  exit 0
fi
{ cat >>"$home/spool/user.$$.$PPID.json"; } 2>/dev/null
exit 0
`;
