#!/bin/bash
# Checks for the user deploy, which cloud-init creates and uploads come from.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

getent passwd deploy >/dev/null ||
  fail "the user deploy does not exist: cloud-init failed, see /var/log/cloud-init.log"
