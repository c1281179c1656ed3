#!/bin/bash
# The packet filter (nft(8)), in a table of its own: Docker and Tailscale manage their tables.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

install_file /etc/fks/firewall.nft
install_file /etc/systemd/system/fks-firewall.service
if something_changed; then
  nft --check --file /etc/fks/firewall.nft
  systemctl daemon-reload
  systemctl enable fks-firewall.service
  systemctl reload-or-restart fks-firewall.service
fi
nft list table inet fks >/dev/null || systemctl restart fks-firewall.service
