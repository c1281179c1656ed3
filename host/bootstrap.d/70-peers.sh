#!/bin/bash
# nginx learns where the other servers are while it runs.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

install_file /etc/systemd/system/fks-peers.service
install_file /etc/systemd/system/fks-peers.timer
if something_changed; then
  systemctl daemon-reload
  systemctl try-restart fks-peers.timer
fi
unit_running fks-peers.timer
