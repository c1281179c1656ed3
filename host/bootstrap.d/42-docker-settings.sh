#!/bin/bash
# Docker's daemon.json, https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file.
# Before the packages step: the engine must not start once with its own settings. 60-docker restarts an
# engine that runs since before a change.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

readonly SETTINGS=/etc/docker/daemon.json

install_file /etc/systemd/system/docker.service.d/10-fks.conf
if [[ -n ${FKS_NVIDIA_KEY:-} ]]; then
  # For the GPU; an option since Docker 25: https://docs.docker.com/reference/cli/dockerd/#configure-cdi-devices
  sed '1a\  "features": {"cdi": true},' "$HOST_FILES/files$SETTINGS" | write_file "$SETTINGS"
  exit 0
fi
install_file "$SETTINGS"
