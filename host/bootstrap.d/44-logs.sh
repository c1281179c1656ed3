#!/bin/bash
# Logs have an end.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

install_file /etc/logrotate.d/fks
install_file /etc/systemd/journald.conf.d/10-fks.conf
if something_changed; then
  systemctl restart systemd-journald.service
fi
