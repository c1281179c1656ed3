#!/bin/bash
# Waits for the end of cloud-init, https://cloudinit.readthedocs.io/en/latest/reference/cli.html.
# Its result does not matter here: the next steps check what they need.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

readonly WAIT_SECONDS=600

first_boot_over() {
  local status=0
  timeout 30 cloud-init status --wait || status=$?
  ((status != 124))
}

command -v cloud-init >/dev/null || exit 0
retry "$WAIT_SECONDS" first_boot_over ||
  fail "cloud-init has not ended after $WAIT_SECONDS s: see cloud-init status --long"
