#!/bin/bash
# SSH with keys only, not as root and without forwarding, https://man.openbsd.org/sshd_config.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

readonly SETTINGS=/etc/ssh/sshd_config.d/10-fks.conf

install_file "$SETTINGS"
effective=$(sshd -T)
while read -r name value; do
  grep -qixF "$name $value" <<<"$effective" ||
    fail "sshd does not use '$name $value': an earlier file in /etc/ssh/sshd_config.d overrides it"
done < <(grep -v '^#' "$SETTINGS")
# A running sshd has read this only if it started after the last change. It is not started here: a start
# that fails ends the access, and with socket activation the service must not run.
if systemctl --quiet is-active ssh.service && ! started_after ssh.service "$SETTINGS"; then
  systemctl restart ssh.service
  changed "ssh.service restarted"
fi
