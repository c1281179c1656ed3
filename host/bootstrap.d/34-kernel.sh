#!/bin/bash
# Kernel settings (sysctl.d(5)): those of the network namespace now, global ones by a systemd unit that
# does nothing in a container.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

readonly NETWORK=/etc/sysctl.d/60-fks.conf GLOBAL=/etc/fks/kernel.conf

# correct_values FILE COMMAND...: run the command for each value of the file that the kernel does not have
correct_values() {
  local name value found
  while IFS=' =' read -r name value; do
    found=$(<"/proc/sys/${name//.//}")
    [[ $found == "$value" ]] || correct sysctl "$name" "$value" "$found" "${@:2}"
  done < <(grep -v '^#' "$HOST_FILES/files$1")
}

install_file "$NETWORK"
install_file "$GLOBAL"
install_file /etc/systemd/system/fks-kernel.service
correct_values "$NETWORK" /usr/lib/systemd/systemd-sysctl "$NETWORK"
start_unit fks-kernel.service "$GLOBAL"
if systemctl --quiet is-active fks-kernel.service; then
  correct_values "$GLOBAL" systemctl restart fks-kernel.service
fi
