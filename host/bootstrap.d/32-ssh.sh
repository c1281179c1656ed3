#!/bin/bash
# SSH with keys only, not as root and without forwarding, https://man.openbsd.org/sshd_config.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

readonly SETTINGS=/etc/ssh/sshd_config.d/10-fks.conf

install_file "$SETTINGS"
# A running sshd has read what `sshd -T` prints only if it started after the last change.
effective=$(sshd -T)
while read -r name value; do
  grep -qixF "$name $value" <<<"$effective" ||
    fail "sshd does not use '$name $value': an earlier file in /etc/ssh/sshd_config.d overrides it"
done < <(grep -v '^#' "$SETTINGS")
start_unit ssh.service "$SETTINGS"
