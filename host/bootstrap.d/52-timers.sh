#!/bin/bash
# Starts Debian's timers for updates (systemd.timer(5)) and log rotation. One that is masked stays so:
# somebody decided that, and `fks doctor` reports it.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

for timer in apt-daily.timer apt-daily-upgrade.timer logrotate.timer; do
  if [[ $(unit_property "$timer" LoadState) == masked ]]; then
    printf '%s is masked\n' "$timer"
  else
    start_unit "$timer"
  fi
done
