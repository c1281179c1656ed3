#!/bin/bash
# Checks for Debian 13 with systemd and Debian's package sources.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
[[ $codename == trixie ]] ||
  fail "VERSION_CODENAME is '$codename', must be trixie (Debian 13): set fks:image to linode/debian13"
[[ -d /run/systemd/system ]] || fail "systemd is not running"
apt-get indextargets --format "\$(CODENAME) \$(SUITE) \$(RELEASE) \$(COMPONENT)" |
  grep "$codename.*main" ||
  fail "/etc/apt has no package source for $codename main: use an image with Debian's sources"
