#!/bin/bash
# zram swap for small plans, https://docs.kernel.org/admin-guide/blockdev/zram.html.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

readonly SIZE=/etc/fks/zram.env UNIT=fks-zram.service

if ((FKS_ZRAM_MIB == 0)); then
  if systemctl --quiet is-enabled "$UNIT" 2>/dev/null || systemctl --quiet is-active "$UNIT"; then
    correct unit "$UNIT" "disabled, not active" "enabled or active" systemctl disable --now "$UNIT"
  fi
  exit 0
fi
write_file "$SIZE" <<<"ZRAM_MIB=$FKS_ZRAM_MIB"
install_file "/etc/systemd/system/$UNIT"
start_unit "$UNIT" "$SIZE"
