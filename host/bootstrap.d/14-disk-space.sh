#!/bin/bash
# Images of two releases side by side need room; a full disk is better noticed before the pull.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

readonly NEEDED_MIB=3072
free=$(df --output=avail --block-size=1M /var/lib | tail -n 1)
((free >= NEEDED_MIB)) ||
  fail "$((free)) MiB free in /var/lib, $NEEDED_MIB needed: remove something or take a bigger plan"
