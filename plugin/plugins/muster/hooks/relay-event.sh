#!/bin/sh
trap 'exit 0' EXIT
umask 077
set +e +f
home="${MUSTER_HOME:-$HOME/.muster}"
# An agent of Muster reports by hooks of its own.
if [ -n "$MUSTER_AGENT" ]; then cat >/dev/null 2>&1; exit 0; fi
# The hooks of muster setup-hooks tell it already, or there is no Muster here.
if [ -e "$home/hooks/installed.json" ] || [ ! -d "$home/spool" ]; then cat >/dev/null 2>&1; exit 0; fi
case $$ in
  *[05]0)
    set -- "$home"/spool/*
    if [ $# -gt 10000 ]; then { mkdir -p "$home/hooks" && : >"$home/hooks/full"; } 2>/dev/null
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
