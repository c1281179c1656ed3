#!/bin/bash
# The image must be Debian 13 under systemd, with its own package sources.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
[[ $codename == trixie ]] ||
  fail "this is '$codename', Debian 13 (trixie) is needed: set fks:image to linode/debian13"
[[ -d /run/systemd/system ]] || fail "systemd does not run here"
apt-get indextargets --format "\$(CODENAME) \$(SUITE) \$(RELEASE) \$(COMPONENT)" |
  grep "$codename.*main" ||
  fail "no package source for $codename main in /etc/apt: the image must bring Debian's own"
