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
  unshare --net sh -ec "nft --file $HOST_FILES/files$RULES; nft list table inet fks"
}

# The first lines that only one of both has.
difference() {
  diff <(printf '%s\n' "$expected") <(printf '%s\n' "$loaded") | sed -n 's/^\([<>]\)[[:space:]]*/\1 /p' |
    head -n 3 | paste -s -d ';'
}

install_file "$RULES"
install_file /etc/systemd/system/fks-firewall.service
expected=$(file_rules)
start_unit fks-firewall.service
loaded=$(loaded_rules) || loaded=''
if [[ $loaded != "$expected" ]]; then
  # Replaces the table at once; a restart would delete it first.
  correct firewall "table inet fks" "the rules of $RULES" "$(difference)" \
    systemctl reload fks-firewall.service
fi
