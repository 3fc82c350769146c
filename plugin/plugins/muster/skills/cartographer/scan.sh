#!/bin/sh
# Runs scan.ts with a Bun or a Node that understands TypeScript; Muster brings a Bun along.
here=${0%/*}
script=$here/scan.ts
command -v bun >/dev/null 2>&1 && exec bun --no-install "$script" "$@"
muster=$(command -v muster) && muster=$(readlink -f "$muster" 2>/dev/null || echo "$muster")
for bun in "${muster%/*}/../node_modules/.muster-bun" "${muster%/*}/../node_modules/bun/bin/bun.exe"; do
  [ -n "$muster" ] && [ -x "$bun" ] && exec "$bun" --no-install "$script" "$@"
done
if node --experimental-strip-types -e '' >/dev/null 2>&1; then
  exec node --no-warnings --experimental-strip-types "$script" "$@"
fi
echo "scan: needs Bun, or Node 22.6 or newer; install Muster, or one of them" >&2
exit 1
