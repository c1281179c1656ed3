#!/bin/bash
# Starts the timer that updates the addresses of the other servers for nginx.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

install_file /etc/systemd/system/fks-peers.service
install_file /etc/systemd/system/fks-peers.timer
if something_changed; then
  systemctl daemon-reload
  systemctl try-restart fks-peers.timer
fi
start_unit fks-peers.timer
