#!/bin/bash
# Kernel settings (sysctl.d(5)): those of the network namespace now, global ones by a systemd unit that
# does nothing in a container.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

readonly NETWORK=/etc/sysctl.d/60-fks.conf GLOBAL=/etc/fks/kernel.conf

# in_effect FILE: whether the kernel has every value of the file
in_effect() {
  local name value
  while IFS=' =' read -r name value; do
    [[ $(<"/proc/sys/${name//.//}") == "$value" ]] || return 1
  done < <(grep -v '^#' "$1")
}

install_file "$NETWORK"
install_file "$GLOBAL"
install_file /etc/systemd/system/fks-kernel.service
if ! in_effect "$NETWORK"; then
  /usr/lib/systemd/systemd-sysctl "$NETWORK"
  changed "settings of $NETWORK"
fi
start_unit fks-kernel.service "$GLOBAL"
if systemctl --quiet is-active fks-kernel.service && ! in_effect "$GLOBAL"; then
  systemctl restart fks-kernel.service
  changed "settings of $GLOBAL"
fi
