#!/bin/bash
# Waits until cloud-init has left the machine alone; what it did is judged by the steps below.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

first_boot_over() {
  local status=0
  timeout 30 cloud-init status --wait || status=$?
  ((status != 124))
}

command -v cloud-init >/dev/null || exit 0
within 600 first_boot_over || fail "cloud-init still runs after 10 minutes: see cloud-init status --long"
