#!/bin/bash
# usage: recover.sh DIRECTORY OUT TIME
# Recovers the database of TIME (as 2026-11-27T14:03:00Z; `latest` for the end of the log) in this container,
# from the newest base backup before TIME and the write-ahead log, and dumps it with its list of rows and
# checksums to OUT, which it empties first. The running database is not touched.
set -euo pipefail
umask 077

directory=$1 out=$2 time=$3
here=$(dirname "${BASH_SOURCE[0]}")
export PGDATA=${PGDATA:-/var/lib/postgresql/data}/recovered PGHOST=/tmp PGUSER=$POSTGRES_USER PGDATABASE=$POSTGRES_DB
work=$(mktemp -d)

# fail REASON LOG...
fail() {
  tail -n 5 "$work/$2" >&2 || true
  printf 'recovery FAILED: %s\n' "$1"
  exit 1
}

# oldest: the name of the oldest base backup
oldest() {
  find "$directory/base" -mindepth 1 -maxdepth 1 -name '*Z' -printf '%f\n' | sort | sed -n 1p
}

# last: the newest transaction of the log that was read
last() {
  local found
  found=$(sed -n 's/.*last completed transaction was at log time \(.*\)$/\1/p' "$work/server" | tail -n 1)
  printf 'last transaction %s' "${found:-of the base backup}"
}

# PostgreSQL ends when the log ends before the time.
unreached() {
  touch "$work/server"
  fail "the log does not reach $time: $(last)" server
}

stop() {
  if [[ -s $PGDATA/postmaster.pid ]]; then pg_ctl stop --mode=immediate >"$work/stop" || cat "$work/stop" >&2; fi
  rm -rf "$work" "$PGDATA"
}
trap stop EXIT

: >"$work/none"
seconds=$(date -u -d "${time/latest/now}" +%s) || fail "'$time' is no time: write it as 2026-11-27T14:03:00Z" none
base=
for one in "$directory"/base/*Z; do
  # The end of the base backup: no earlier moment can be reached from it.
  if [[ -f $one/backup_manifest ]] && (($(stat -c %Y "$one/backup_manifest") <= seconds)); then base=$one; fi
done
[[ -n $base ]] || fail "no base backup is older than $time: the oldest is $(oldest)" none
free=$(($(stat -f -c '%a * %S' "${PGDATA%/*}")))
((free > $(du -sb "$base" | cut -f 1))) || fail "$free bytes are free for the recovery" none

rm -rf "$PGDATA"
cp -a "$base" "$PGDATA"
touch "$PGDATA/recovery.signal"
cat >>"$PGDATA/postgresql.auto.conf" <<CONF
restore_command = 'cp $directory/wal/%f %p 2>/dev/null || cp $directory/wal/%f.partial %p'
recovery_target_timeline = 'current'
recovery_target_action = 'promote'
CONF
if [[ $time != latest ]]; then
  printf "recovery_target_time = '%s'\n" "$(date -u -d "@$seconds" '+%Y-%m-%d %H:%M:%S+00')" >>"$PGDATA/postgresql.auto.conf"
fi
settings='-c listen_addresses= -c unix_socket_directories=/tmp -c fsync=off -c full_page_writes=off -c archive_mode=off'
settings+=' -c shared_buffers=32MB -c hot_standby=off -c max_slot_wal_keep_size=-1'
pg_ctl start --wait --timeout="${BACKUP_TIMEOUT:-3600}" --silent --log="$work/server" --options="$settings" >"$work/start" 2>&1 ||
  unreached
deadline=$((SECONDS + ${BACKUP_TIMEOUT:-3600}))
until [[ $(psql --no-psqlrc -qtAX -c 'SELECT pg_is_in_recovery()' 2>"$work/psql") == f ]]; do
  ((SECONDS < deadline)) || fail 'the recovery does not end' server
  [[ -s $PGDATA/postmaster.pid ]] || unreached
  sleep 0.2
done

dump=$out/$PGDATABASE-$(date -u +%Y%m%dT%H%M%SZ).dump
rm -rf "$out"
mkdir "$out"
DUMP=$dump LIMIT=${BACKUP_TIMEOUT:-3600} MANIFEST=${dump%.dump}.tables psql --no-psqlrc -f "$here/dump.sql" >"$work/psql" 2>&1 ||
  fail 'the recovered rows cannot be counted' psql
code=$(cat "$dump.code")
rm "$dump.code"
((code == 0)) || fail "pg_dump ended with $code" psql
pg_amcheck --install-missing --heapallindexed --database="$PGDATABASE" >"$work/amcheck" 2>&1 || fail 'pg_amcheck found damage' amcheck
mv "$dump.partial" "$dump"
printf 'recovered: %s, base %s, %s\n' "${dump##*/}" "${base##*/}" "$(last)"
