#!/bin/bash
# zram swap for small plans, https://docs.kernel.org/admin-guide/blockdev/zram.html.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

if ((FKS_ZRAM_MIB == 0)); then
  if systemctl --quiet is-enabled fks-zram.service 2>/dev/null; then
    systemctl disable --now fks-zram.service
    changed "zram disabled"
  fi
  exit 0
fi
write_file /etc/fks/zram.env 0644 <<<"ZRAM_MIB=$FKS_ZRAM_MIB"
install_file /etc/systemd/system/fks-zram.service
if something_changed || ! systemctl --quiet is-enabled fks-zram.service; then
  systemctl daemon-reload
  systemctl enable fks-zram.service
  systemctl restart fks-zram.service
fi
