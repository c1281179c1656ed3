#!/bin/bash
# Removes older versions of these scripts. Three stay: a deploy may still run from one of them.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

readonly SCRIPTS=/usr/local/lib/fks
readonly KEEP=3

remove() {
  rm -r "$1"
  changed "removed $1"
}

# Renamed first: what an interrupted removal left would count as one of the three.
find "$SCRIPTS" -mindepth 1 -maxdepth 1 -type d -name '*.old' | while read -r old; do
  remove "$old"
done
current=$(readlink -f "$SCRIPTS/current")
find "$SCRIPTS" -mindepth 1 -maxdepth 1 -type d ! -path "$current" -printf '%T@ %p\n' |
  sort --reverse --numeric-sort | tail -n "+$KEEP" | cut -d ' ' -f 2 | while read -r old; do
  mv "$old" "$old.old"
  remove "$old.old"
done
