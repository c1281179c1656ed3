#!/bin/bash
# Starts the timer that checks this server and sends alerts.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

install_file /etc/systemd/system/fks-watch.service
install_file /etc/systemd/system/fks-watch.timer
load_unit fks-watch.service
start_unit fks-watch.timer /etc/systemd/system/fks-watch.timer
