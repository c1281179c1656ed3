#!/bin/bash
# The packet filter (nft(8)), in a table of its own: Docker and Tailscale manage their tables.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

readonly RULES=/etc/fks/firewall.nft

loaded_rules() {
  nft list table inet fks
}

# The rules of the file as nft lists them, from a network namespace of their own.
file_rules() {
  unshare --net sh -ec "nft --file $RULES; nft list table inet fks"
}

install_file "$RULES"
install_file /etc/systemd/system/fks-firewall.service
expected=$(file_rules)
start_unit fks-firewall.service
if [[ $(loaded_rules) != "$expected" ]]; then
  # Replaces the table at once; a restart would delete it first.
  systemctl reload fks-firewall.service
  changed "packet filter loaded"
fi
