#!/bin/bash
# usage: prove.sh DIRECTORY [FILE]
# Restores a dump, without FILE the newest, into an empty PostgreSQL of this container, compares rows and
# checksums of all tables with those of the moment of the dump, and checks all indexes (pg_amcheck). Writes
# the result to <dump>.proof.json and prints it as one line.
set -euo pipefail
umask 077

directory=$1
here=$(dirname "${BASH_SOURCE[0]}")
dumps=("$directory/$POSTGRES_DB"-*.dump)
dump=${2:+$directory/$2}
dump=${dump:-${dumps[-1]}}
expected=${dump%.dump}.tables
export PGDATA=${PGDATA:-/var/lib/postgresql/data}/proof PGHOST=/tmp PGUSER=$POSTGRES_USER PGDATABASE=$POSTGRES_DB
work=$(mktemp -d)
started=$EPOCHREALTIME

# result VERDICT TEXT: the certificate and the line; VERDICT is ok or bad
result() {
  local seconds authentik=''
  [[ ! -s $expected ]] || authentik=$(entry authentik)
  seconds=$(awk -v a="$started" -v b="$EPOCHREALTIME" 'BEGIN {printf "%.1f", b - a}')
  cat >"$work/proof" <<JSON
{"file": "${dump##*/}", "verdict": "$1", "text": "$2", "tables": ${tables:-0}, "rows": ${rows:-0}, "authentik": "$authentik", "seconds": $seconds, "time": "$(date -u +%Y-%m-%dT%H:%M:%SZ)"}
JSON
  cp "$work/proof" "${dump%.dump}.proof.json.new"
  mv "${dump%.dump}.proof.json.new" "${dump%.dump}.proof.json"
  printf 'proof %s: %s, %s\n' "$1" "${dump##*/}" "$2"
}

stop() {
  if [[ -s $PGDATA/postmaster.pid ]]; then pg_ctl stop --mode=immediate >"$work/stop" || cat "$work/stop" >&2; fi
  rm -rf "$work" "$PGDATA"
}
trap stop EXIT

# bad REASON LOG
bad() {
  # After its error pg_restore prints the statement.
  grep -i -m 1 'error:' "$work/$2" >&2 || tail -n 5 "$work/$2" >&2 || true
  result bad "$1"
  exit 1
}

# entry KEY: a text of the manifest's first line
entry() {
  sed -n "1s/.*\"$1\" : \"\\?\\([^\",}]*\\).*/\\1/p" "$expected"
}

# made: the time in the dump's name, in seconds since 1970
made() {
  local time=${dump##*/"$POSTGRES_DB"-}
  date -u -d "${time:0:4}-${time:4:2}-${time:6:2} ${time:9:2}:${time:11:2}:${time:13:2}" +%s
}

: >"$work/none"
[[ -s $dump ]] || bad 'there is no such dump, or it is empty' none
[[ -s $expected ]] || bad 'its list of tables is missing: an earlier version made it, or a killed one' none
[[ $(entry sha256) == "$(sha256sum <"$dump" | cut -d ' ' -f 1)" ]] || bad 'it is not the file that was written: its checksum differs' none
old=$(($(made) - $(entry canary)))
((old < 600)) || bad "its newest row is $old s older than its name: an older dump with a newer name" none
free=$(($(stat -f -c '%a * %S' "${PGDATA%/*}")))
((free > $(entry bytes))) || bad "$free bytes are free for the restore of $(entry bytes)" none

rm -rf "$PGDATA"
initdb --username="$POSTGRES_USER" --auth=trust --encoding="$(entry encoding)" --locale="$(entry collation)" --no-sync >"$work/initdb" 2>&1 ||
  bad 'no empty database can be made' initdb
settings='-c listen_addresses= -c unix_socket_directories=/tmp -c fsync=off -c full_page_writes=off -c shared_buffers=32MB -c max_connections=10'
pg_ctl start --wait --silent --log="$work/server" --options="$settings" >"$work/start" 2>&1 || bad 'the empty database does not start' server
createdb --template=template0 "$PGDATABASE" 2>"$work/createdb" || bad 'no database can be made' createdb
# The only role that exists is the image's. Dumps of before have no list of roles.
options=(--no-owner --no-privileges)
if [[ -s ${dump%.dump}.globals.sql ]]; then
  options=()
  psql --no-psqlrc -qX -f "${dump%.dump}.globals.sql" >"$work/out" 2>"$work/psql" || true
  sed -i "/role \"\?$POSTGRES_USER\"\? already exists/d" "$work/psql"
  if grep -qE '(ERROR|FATAL):' "$work/psql"; then bad 'the roles cannot be restored' psql; fi
fi
pg_restore --dbname="$PGDATABASE" "${options[@]}" --exit-on-error "$dump" 2>"$work/restore" ||
  bad 'pg_restore failed' restore
checksums=$(entry checksums)
psql --no-psqlrc -v ON_ERROR_STOP=1 -v checksums="${checksums:-rows}" -f "$here/tables.sql" >"$work/found" 2>"$work/psql" || bad 'the restored rows cannot be counted' psql
sed 1d "$expected" >"$work/expected"
tables=$(($(wc -l <"$work/found") - 1))
rows=$(sed 's/.*, \([0-9]*\), "[^"]*"\]$/\1/' "$work/found" | awk '{n += $1} END {printf "%d", n}')
diff "$work/expected" "$work/found" >"$work/diff" ||
  bad "$(grep -c '^[<>]' "$work/diff") lines of rows and checksums differ from those of the dump's moment" diff
pg_amcheck --install-missing --heapallindexed --database="$PGDATABASE" >"$work/amcheck" 2>&1 || bad 'pg_amcheck found damage' amcheck
result ok "$rows rows in $tables tables as at the dump, indexes whole"
