#!/bin/bash
# Security updates by night, but never of the engine: set before the package could start its first run.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

install_file /etc/apt/apt.conf.d/52fks-unattended-upgrades
install_file /etc/needrestart/conf.d/fks.conf
