#!/bin/bash
# Removes older versions of these scripts. Three stay: a deploy may still run from one of them.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

readonly SCRIPTS=/usr/local/lib/fks
readonly KEEP=3

current=$(readlink -f "$SCRIPTS/current")
others=$(find "$SCRIPTS" -mindepth 1 -maxdepth 1 -type d ! -path "$current" -printf '%T@ %p\n' |
  sort --reverse --numeric-sort | tail -n "+$KEEP" | cut -d ' ' -f 2)
for old in $others; do
  rm -r "$old"
  changed "removed $old"
done
