#!/bin/bash
# Starts the timer that compares this server with its release and its bootstrap each night.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

install_file /etc/systemd/system/fks-drift.service
install_file /etc/systemd/system/fks-drift.service.d/20-reads.conf
install_file /etc/systemd/system/fks-drift.timer
load_unit fks-drift.service
start_unit fks-drift.timer /etc/systemd/system/fks-drift.timer
