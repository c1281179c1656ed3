#!/bin/bash
# Starts the Docker engine, and checks it and the Compose plugin.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

start_unit docker.service
retry 60 docker info --format '{{.ServerVersion}}' ||
  fail "docker info failed for 60 s: see journalctl -u docker"
docker compose version --short || fail "docker compose failed: check the package docker-compose"
