#!/bin/bash
# usage: restore.sh list FILE | restore.sh into DATABASE FILE | restore.sh foreign DATABASE FILE
# Prints the contents of a dump, or restores it into an empty database; `foreign`: without the owners and
# privileges of another server's roles. FILE is below /backups.
set -euo pipefail

if [[ $1 == list ]]; then
  exec pg_restore --list "/backups/$2"
fi
PGPASSWORD=$(cat "${FKS_SECRETS_DIR:-/run/secrets}/$PASSWORD_SECRET")
export PGHOST PGPASSWORD PGUSER=$POSTGRES_USER PGCONNECT_TIMEOUT=10
# More jobs would take the cores of the requests, and each one sorts in memory of its own.
options=(--jobs=$(($(nproc) > 1 ? 2 : 1)))
if [[ $1 == foreign ]]; then options+=(--no-owner --no-privileges --no-tablespaces); fi
exec nice -n 10 pg_restore --dbname="$2" --exit-on-error "${options[@]}" "/backups/$3"
