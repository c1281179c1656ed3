#!/bin/bash
# Uploads arrive as this user, made by cloud-init.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

getent passwd deploy >/dev/null ||
  fail "there is no user deploy: cloud-init did not do its work, see /var/log/cloud-init.log"
