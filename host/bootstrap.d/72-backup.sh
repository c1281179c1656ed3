#!/bin/bash
# Starts the timer of the nightly backup, on servers with a database.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

has_role api || has_role auth || exit 0

# The databases' user in their containers; the directory above is root's.
owner=999
for place in postgres pitr; do
  place=/var/backups/fks/$place
  found=$(stat -c '%a %u:%g' "$place" 2>/dev/null) || found=missing
  if [[ $found != "700 $owner:$owner" ]]; then
    correct directory "$place" "700 $owner:$owner" "$found" \
      install -d -m 0700 -o "$owner" -g "$owner" "$place"
  fi
done
install_file /etc/systemd/system/fks-backup.service
install_file /etc/systemd/system/fks-backup.timer
load_unit fks-backup.service
start_unit fks-backup.timer /etc/systemd/system/fks-backup.timer
