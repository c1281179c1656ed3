#!/bin/bash
# Fails while the stack is locked (fks lock).
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

# A locked stack is no drift.
! checking || exit 0

[[ -e /var/lib/fks/stack-lock.json ]] || exit 0
exec /usr/local/lib/fks/current/bin/stack-lock check
