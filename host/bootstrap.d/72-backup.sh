#!/bin/bash
# Starts the timer of the nightly database backup, on servers with the API.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

has_role api || exit 0

# The database's user in its container; the directory above is root's.
owner=999
readonly DUMPS=/var/backups/fks/postgres
found=$(stat -c '%a %u:%g' "$DUMPS" 2>/dev/null) || found=missing
if [[ $found != "700 $owner:$owner" ]]; then
  correct directory "$DUMPS" "700 $owner:$owner" "$found" \
    install -d -m 0700 -o "$owner" -g "$owner" "$DUMPS"
fi
install_file /etc/systemd/system/fks-backup.service
install_file /etc/systemd/system/fks-backup.timer
load_unit fks-backup.service
start_unit fks-backup.timer /etc/systemd/system/fks-backup.timer
