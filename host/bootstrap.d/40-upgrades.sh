#!/bin/bash
# Nightly security updates, https://wiki.debian.org/UnattendedUpgrades, except for the Docker engine.
# Before the packages step: the package must not run once with its own settings.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

install_file /etc/apt/apt.conf.d/52fks-unattended-upgrades
install_file /etc/needrestart/conf.d/fks.conf
