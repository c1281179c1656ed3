#!/bin/bash
# Kernel settings (sysctl.d(5)): those of the network namespace now, global ones by a systemd unit that
# does nothing in a container.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

install_file /etc/sysctl.d/60-fks.conf
install_file /etc/fks/kernel.conf
install_file /etc/systemd/system/fks-kernel.service
if something_changed; then
  /usr/lib/systemd/systemd-sysctl /etc/sysctl.d/60-fks.conf
  systemctl daemon-reload
  systemctl enable fks-kernel.service
  systemctl restart fks-kernel.service
fi
