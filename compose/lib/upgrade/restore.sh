#!/bin/bash
# usage: restore.sh DIRECTORY
# In a new, empty PostgreSQL of this container: restores what dump.sh made, compares rows and checksums of all
# tables with those of the dump's moment, and prints the result as one JSON object.
set -euo pipefail
umask 077

dump=$1/$POSTGRES_DB.dump expected=$1/$POSTGRES_DB.tables
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PGHOST=/var/run/postgresql PGUSER=$POSTGRES_USER

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# ask SQL: one value
ask() {
  psql --no-psqlrc -qtAX -v ON_ERROR_STOP=1 -d "$POSTGRES_DB" -c "$1"
}

# The only role that exists is the image's.
psql --no-psqlrc -qX -d postgres -f "$1/roles.sql" >"$work/out" 2>"$work/errors" || true
rm "$1/roles.sql"
if grep -E '(ERROR|FATAL):' "$work/errors" | grep -v "role \"$POSTGRES_USER\" already exists" >&2; then
  fail 'the roles cannot be restored'
fi

# With the encoding, the locale and the settings that the old one has.
psql --no-psqlrc -qX -v ON_ERROR_STOP=1 -d postgres -c "DROP DATABASE \"$POSTGRES_DB\" WITH (FORCE)"
pg_restore --dbname=postgres --create --exit-on-error "$dump" 2>"$work/restore" || {
  grep -m 1 'ERROR:' "$work/restore" >&2 || tail -n 1 "$work/restore" >&2
  exit 1
}
psql --no-psqlrc -v ON_ERROR_STOP=1 -d "$POSTGRES_DB" -f /fks/backup/tables.sql >"$work/found"
sed 1d "$expected" >"$work/expected"
diff "$work/expected" "$work/found" >"$work/diff" ||
  fail "$(grep -c '^[<>]' "$work/diff") lines of rows and checksums differ from those of the old database"
own='FROM pg_database WHERE datname = current_database()'
actual=$(ask "SELECT coalesce(pg_database_collation_actual_version(oid), '') $own")
recorded=$(ask "SELECT coalesce(datcollversion, '') $own")
[[ $recorded = "$actual" ]] ||
  fail "the new database has collation version $recorded, and the image's library $actual"
vacuumdb --dbname="$POSTGRES_DB" --analyze-only --quiet

old=$(sed -n '1s/.*"collation_version" : "\([^"]*\)".*/\1/p' "$expected")
printf '{"tables": %d, "rows": %d, "bytes": %d, "collation": ["%s", "%s"]}\n' \
  "$(($(wc -l <"$work/found") - 1))" \
  "$(sed 's/.*, \([0-9]*\), "[^"]*"\]$/\1/' "$work/found" | awk '{n += $1} END {printf "%d", n}')" \
  "$(ask 'SELECT pg_database_size(current_database())')" "$old" "$recorded"
