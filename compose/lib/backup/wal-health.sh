#!/bin/bash
# usage: wal-health.sh DIRECTORY
# Healthy: wal.sh streams, from the database's view, and there is a base backup.
set -euo pipefail

active=$(psql --no-psqlrc -qtAX -h 127.0.0.1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" \
  -c "SELECT active FROM pg_replication_slots WHERE slot_name = 'fks_wal'")
[[ $active == t && -n $(find "$1/base" -mindepth 1 -maxdepth 1 -name '*Z') ]]
