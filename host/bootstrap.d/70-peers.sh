#!/bin/bash
# Starts the timer that updates the addresses of the other servers for nginx.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

install_file /etc/systemd/system/fks-peers.service
install_file /etc/systemd/system/fks-peers.timer
load_unit fks-peers.service
start_unit fks-peers.timer /etc/systemd/system/fks-peers.timer
