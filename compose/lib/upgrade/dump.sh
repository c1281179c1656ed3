#!/bin/bash
# usage: dump.sh HOST DIRECTORY [while-used]
# Dumps the database POSTGRES_DB of the PostgreSQL at HOST, and its roles, into DIRECTORY, for another version.
# It runs with the image of HOST: a newer pg_dump does not know what a corrected older server has in its
# catalogues. Without while-used the database must have no clients.
set -euo pipefail
umask 077

dump=$2/$POSTGRES_DB.dump limit=${COPY_TIMEOUT:-7200}
export PGHOST=$1 PGUSER=$POSTGRES_USER PGDATABASE=$POSTGRES_DB PGCONNECT_TIMEOUT=10
PGPASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
export PGPASSWORD

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# ask SQL: one value
ask() {
  psql --no-psqlrc -qtAX -v ON_ERROR_STOP=1 -c "$1"
}

others=$(ask "SELECT string_agg(datname, ', ') FROM pg_database
  WHERE NOT datistemplate AND datname NOT IN ('postgres', current_database())")
[[ -z $others ]] || fail "the databases $others would not be copied: move or drop them first"
# The server's own health check is a client for a moment.
clients=''
for _ in 1 2 3 4 5; do
  [[ ${3:-} != while-used ]] || break
  clients=$(ask "SELECT string_agg(DISTINCT coalesce(nullif(application_name, ''), 'a client'), ', ')
    FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")
  [[ -n $clients ]] || break
  sleep 1
done
[[ -z $clients ]] || fail "$clients still uses the database: end it first"

DUMP=$dump LIMIT=$limit MANIFEST=${dump%.dump}.tables psql --no-psqlrc -f /fks/backup/dump.sql ||
  fail 'the database does not count its rows'
code=$(cat "$dump.code")
((code == 0)) || fail "pg_dump ended with $code (124: longer than $limit s)"
mv "$dump.partial" "$dump"
pg_dumpall --globals-only --file="$2/roles.sql"
