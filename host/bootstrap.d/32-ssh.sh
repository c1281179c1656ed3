#!/bin/bash
# Keys only, and nobody as root.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

install_file /etc/ssh/sshd_config.d/10-fks.conf
if something_changed; then
  sshd -t
  systemctl try-reload-or-restart ssh.service
fi
settings=$(sshd -T)
for wanted in "permitrootlogin no" "passwordauthentication no"; do
  grep -qx "$wanted" <<<"$settings" ||
    fail "sshd does not say '$wanted': another file in /etc/ssh/sshd_config.d comes first"
done
