#!/bin/bash
# Set before the package starts the engine for the first time.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

install_file /etc/systemd/system/docker.service.d/10-fks.conf
install_file /etc/docker/daemon.json
if something_changed && installed docker.io; then
  systemctl daemon-reload
  # Most settings are read at start only; live-restore keeps the containers running meanwhile.
  systemctl try-restart docker.service
fi
