#!/bin/bash
# Limits the size of log files (logrotate(8)) and of the systemd journal (journald.conf(5)).
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

install_file /etc/logrotate.d/fks
install_file /etc/systemd/journald.conf.d/10-fks.conf
start_unit systemd-journald.service /etc/systemd/journald.conf.d/10-fks.conf
