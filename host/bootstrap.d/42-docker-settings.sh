#!/bin/bash
# Docker's daemon.json, https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file.
# Before the packages step: the engine must not start once with its own settings. 60-docker restarts an
# engine that runs since before a change.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

install_file /etc/systemd/system/docker.service.d/10-fks.conf
install_file /etc/docker/daemon.json
