#!/bin/bash
# Removes older versions of these scripts. Three stay: a deploy may still run from one of them.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

readonly SCRIPTS=/usr/local/lib/fks
readonly KEEP=3

# Renamed first: what an interrupted removal left would count as one of the three.
remove() {
  mv "$1" "$1.old"
  rm -r "$1.old"
}

find "$SCRIPTS" -mindepth 1 -maxdepth 1 -type d -name '*.old' | while read -r old; do
  correct directory "$old" removed present rm -r "$old"
done
current=$(readlink -f "$SCRIPTS/current")
find "$SCRIPTS" -mindepth 1 -maxdepth 1 -type d ! -path "$current" -printf '%T@ %p\n' |
  sort --reverse --numeric-sort | tail -n "+$KEEP" | cut -d ' ' -f 2 | while read -r old; do
  correct directory "$old" removed present remove "$old"
done
