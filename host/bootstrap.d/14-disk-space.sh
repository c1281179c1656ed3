#!/bin/bash
# Checks the free space: images of two releases are on the disk at the same time.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

# Only an installation needs it; the watch reports a disk that becomes full.
! checking || exit 0

readonly NEEDED_MIB=3072
free=$(df --output=avail --block-size=1M /var/lib | tail -n 1)
((free >= NEEDED_MIB)) ||
  fail "$((free)) MiB free in /var/lib, $NEEDED_MIB needed: delete files or choose a larger plan"
