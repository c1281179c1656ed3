#!/bin/bash
# Installs `fks`, the operator's command, which works on this server (decision 24).
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"
. "$HOST_FILES/lib/packages.sh"

readonly COMMAND=/usr/local/bin/fks PROGRAM=/usr/local/lib/fks/current/bin/fks

install_packages python3-rich python3-typer
found=$(readlink "$COMMAND") || found=$(attributes "$COMMAND")
if [[ $found != "$PROGRAM" ]]; then
  correct link "$COMMAND" "$PROGRAM" "$found" ln -sfn "$PROGRAM" "$COMMAND"
fi
