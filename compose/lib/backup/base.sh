#!/bin/bash
# usage: base.sh DIRECTORY
# Copies the running database to DIRECTORY/base/<time> (pg_basebackup) and checks the copy (pg_verifybackup).
# The newest two stay, with the write-ahead log that they need.
set -euo pipefail
umask 077

directory=$1 limit=${BACKUP_TIMEOUT:-3600}
base=$directory/base/$(date -u +%Y%m%dT%H%M%SZ)
export PGHOST=127.0.0.1 PGUSER=$POSTGRES_USER PGDATABASE=$POSTGRES_DB PGCONNECT_TIMEOUT=10

# fail REASON
fail() {
  rm -rf "$directory"/base/*.partial
  printf 'base FAILED: %s\n' "$1"
  exit 1
}

exec 9>"$directory/.lock"
flock --nonblock 9 || fail 'another base backup runs'
rm -rf "$directory"/base/*.partial
size=$(psql --no-psqlrc -qtAX -c 'SELECT sum(pg_database_size(oid)) FROM pg_database') || fail 'the database does not answer'
free=$(($(stat -f -c '%a * %S' "$directory")))
((free > size)) || fail "$free bytes are free in $directory, and the database has $size: remove old backups"
timeout "$limit" pg_basebackup --pgdata="$base.partial" --checkpoint=fast --wal-method=stream --max-rate=50M ||
  fail 'pg_basebackup ended with an error'
timeout "$limit" pg_verifybackup --quiet "$base.partial" || fail 'pg_verifybackup found damage'
mv "$base.partial" "$base"
rm -rf "$directory/old"

bases=("$directory"/base/*Z)
oldest=$((${#bases[@]} > 2 ? ${#bases[@]} - 2 : 0))
for ((i = 0; i < oldest; i++)); do rm -rf "${bases[i]}"; done
first=$(sed -n 's/^START WAL LOCATION: .*(file \([0-9A-F]*\))$/\1/p' "${bases[oldest]}/backup_label")
pg_archivecleanup "$directory/wal" "$first"
printf 'base ok: %s, %s bytes\n' "${base##*/}" "$(du -sb "$base" | cut -f 1)"
