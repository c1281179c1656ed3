#!/bin/bash
# Fails while the stack is locked (fks lock).
set -euo pipefail

[[ -e /var/lib/fks/stack-lock.json ]] || exit 0
exec /usr/local/lib/fks/current/bin/stack-lock check
