#!/bin/bash
# Older versions of these scripts go; three stay, because a deploy may still run from one.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

readonly HOME_OF_SCRIPTS=/usr/local/lib/fks
readonly KEEP=3

current=$(readlink -f "$HOME_OF_SCRIPTS/current")
others=$(find "$HOME_OF_SCRIPTS" -mindepth 1 -maxdepth 1 -type d ! -path "$current" -printf '%T@ %p\n' |
  sort --reverse --numeric-sort | tail -n "+$KEEP" | cut -d ' ' -f 2)
for old in $others; do
  rm -r "$old"
  changed "removed $old"
done
