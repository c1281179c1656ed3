#!/bin/bash
# usage: restore.sh FILE
# Replaces the tables of the database POSTGRES_DB by those of a dump, all of them or none.
set -euo pipefail

PGPASSWORD=$(cat "${FKS_SECRETS_DIR:-/run/secrets}/POSTGRES_PASSWORD")
export PGPASSWORD
pg_restore --host=api-postgres --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" \
  --clean --if-exists --single-transaction "/backups/$1"
printf 'restored: %s\n' "$1"
