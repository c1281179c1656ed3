#!/bin/bash
# Docker's daemon.json, https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file.
# Before the packages step: the engine must not start once with its own settings.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

install_file /etc/systemd/system/docker.service.d/10-fks.conf
install_file /etc/docker/daemon.json
if something_changed && installed docker.io; then
  systemctl daemon-reload
  # The engine reads most settings only when it starts; live-restore keeps the containers running.
  systemctl try-restart docker.service
fi
