#!/bin/bash
# Starts the timer that updates the edge's files between deploys.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

install_file /etc/systemd/system/fks-edge.service
install_file /etc/systemd/system/fks-edge.timer
load_unit fks-edge.service
start_unit fks-edge.timer /etc/systemd/system/fks-edge.timer

remove() {
  systemctl --quiet disable --now "$1"
  rm "/etc/systemd/system/$1"
  systemctl daemon-reload
}

# Units of earlier versions.
for unit in fks-peers.timer fks-peers.service; do
  if [[ -e /etc/systemd/system/$unit ]]; then
    correct unit "$unit" "not installed" installed remove "$unit"
  fi
done
