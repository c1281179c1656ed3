#!/bin/bash
# SSH with keys only, not as root and without forwarding, https://man.openbsd.org/sshd_config.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

readonly SETTINGS=/etc/ssh/sshd_config.d/10-fks.conf

install_file "$SETTINGS"
effective=$(sshd -T)

# An earlier file in the same directory takes precedence.
overridden() {
  fail "sshd does not use '$1': an earlier file in /etc/ssh/sshd_config.d overrides it"
}

while read -r name value; do
  if ! grep -qixF "$name $value" <<<"$effective"; then
    found=$(grep -i "^$name " <<<"$effective") || found=nothing
    correct setting "$name of sshd" "$value" "${found#* }" overridden "$name $value"
  fi
done < <(grep -v '^#' "$HOST_FILES/files$SETTINGS")
# A running sshd has read this only if it started after the last change. It is not started here: a start
# that fails ends the access, and with socket activation the service must not run.
if systemctl --quiet is-active ssh.service && ! started_after ssh.service "$SETTINGS"; then
  correct unit ssh.service "started after $SETTINGS" "started before its change" \
    systemctl restart ssh.service
fi
