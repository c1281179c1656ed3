#!/bin/bash
# The engine answers, and Compose is there as its plugin.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

unit_running docker.service
within 60 docker info --format '{{.ServerVersion}}' ||
  fail "the Docker engine does not answer: see journalctl -u docker"
docker compose version --short || fail "docker compose is missing: is docker-compose installed?"
