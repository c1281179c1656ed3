#!/bin/bash
# SSH with keys only and not as root, https://man.openbsd.org/sshd_config.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

install_file /etc/ssh/sshd_config.d/10-fks.conf
if something_changed; then
  sshd -t
  systemctl try-reload-or-restart ssh.service
fi
settings=$(sshd -T)
for setting in "permitrootlogin no" "passwordauthentication no"; do
  grep -qx "$setting" <<<"$settings" ||
    fail "sshd does not use '$setting': an earlier file in /etc/ssh/sshd_config.d overrides it"
done
