#!/bin/bash
# Starts the timer that updates what nginx answers to /health/deep of the API.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

has_role api || exit 0

install_file /etc/systemd/system/fks-deep.service
install_file /etc/systemd/system/fks-deep.timer
load_unit fks-deep.service
start_unit fks-deep.timer /etc/systemd/system/fks-deep.timer
