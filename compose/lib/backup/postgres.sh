#!/bin/bash
# usage: postgres.sh DIRECTORY
# Dumps the database POSTGRES_DB of PGHOST into DIRECTORY/<database>-<time>.dump and prints one line with the
# result. Beside it, in .tables, is what a restore must have: rows and a checksum for each table, of the same
# snapshot (dump.sql); in .globals.sql are the roles, without passwords. A dump gets its name after pg_restore has read it; until then it is a `.partial`. The
# newest BACKUP_KEEP dumps stay, and none is deleted before a newer one is verified.
set -euo pipefail
umask 077

directory=$1
keep=${BACKUP_KEEP:-7} limit=${BACKUP_TIMEOUT:-3600}
dump=$directory/$POSTGRES_DB-$(date -u +%Y%m%dT%H%M%SZ).dump
here=$(dirname "${BASH_SOURCE[0]}")
export PGUSER=$POSTGRES_USER PGDATABASE=$POSTGRES_DB
PGPASSWORD=$(cat "${FKS_SECRETS_DIR:-/run/secrets}/$PASSWORD_SECRET")
# Also a database that is closed for its move (host/fks_deploy/transfer) gets the canary.
export PGHOST PGPASSWORD PGCONNECT_TIMEOUT=10 PGOPTIONS='-c default_transaction_read_only=off'

# fail REASON...
fail() {
  rm -f "$dump.partial" "$dump.code" "${dump%.dump}".{tables,globals.sql}
  printf 'backup FAILED: %s\n' "$*"
  exit 1
}

# fail_with REASON: with the first error that psql or pg_dump has printed
fail_with() {
  local error
  cat "$log" >&2
  error=$(sed -n 's/.*\(ERROR\|error\): *//p' "$log" | head -n 1)
  [[ $error != *'lock timeout'* ]] ||
    fail "$1: another session has locked a table for more than 60 s, as a migration does. Run it again when that has ended"
  fail "$1${error:+: $error}"
}

# ask SQL: one value
ask() {
  psql --no-psqlrc -qtAX -c "$1"
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
exec 9>"$directory/.lock"
flock --nonblock 9 || fail "another backup runs in $directory"
rm -f "$directory"/*.partial

size=$(ask 'SELECT pg_database_size(current_database())') || fail "the database does not answer"
# Those that pg_dump has data of: a partitioned table has none of its own, and what an extension makes is made by it.
tables=$(ask "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relpersistence <> 't'
  AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
  AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')") ||
  fail "the database does not list its tables"
free=$(($(stat -f -c '%a * %S' "$directory")))
((free > size)) || fail "$free bytes are free in $directory, and the database has $size: remove old dumps"

DUMP=$dump LIMIT=$limit MANIFEST=${dump%.dump}.tables psql --no-psqlrc -f "$here/dump.sql" 2>"$log" ||
  fail_with "the database does not count its rows"
code=$(cat "$dump.code")
rm "$dump.code"
((code == 0)) || fail_with "pg_dump ended with $code (124: longer than $limit s)"
list=$(pg_restore --list "$dump.partial") || fail "pg_restore cannot read the dump"
dumped=$(grep -c ' TABLE DATA ' <<<"$list") || true
((dumped >= tables)) || fail "the dump has the data of $dumped tables, the database has $tables"
timeout "$limit" pg_dumpall --globals-only --no-role-passwords --file="${dump%.dump}.globals.sql" ||
  fail "pg_dumpall ended with $? (124: longer than $limit s)"
sync "$dump.partial"
mv "$dump.partial" "$dump"

# The names sort by time.
dumps=("$directory/$POSTGRES_DB"-*.dump)
for ((i = 0; i < ${#dumps[@]} - keep; i++)); do rm -f "${dumps[i]}" "${dumps[i]%.dump}".{tables,globals.sql,proof.json}; done

printf 'backup ok: %s, %s bytes, %s tables, %s dumps kept\n' \
  "${dump##*/}" "$(stat -c %s "$dump")" "$dumped" "$((${#dumps[@]} < keep ? ${#dumps[@]} : keep))"
