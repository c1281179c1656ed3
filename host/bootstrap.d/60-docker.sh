#!/bin/bash
# Starts the Docker engine with its settings, and checks it and the Compose plugin. The engine reads most
# settings only when it starts; live-restore keeps the containers running.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

start_unit docker.service /etc/docker/daemon.json /etc/systemd/system/docker.service.d/10-fks.conf
retry 60 docker info --format '{{.ServerVersion}}' ||
  fail "docker info failed for 60 s: see journalctl -u docker"
docker compose version --short || fail "docker compose failed: check the package docker-compose"
