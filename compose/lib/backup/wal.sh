#!/bin/bash
# usage: wal.sh DIRECTORY
# Streams the write-ahead log of the database into DIRECTORY/wal until it is stopped, from a replication slot,
# so that nothing is missing after a pause. A new slot, or one that the database has given up
# (max_slot_wal_keep_size), leaves a gap: it is printed, and a base backup is made at once.
# It runs in the network of the database's container, whose pg_hba.conf trusts 127.0.0.1.
set -euo pipefail
umask 077

directory=$1
here=$(dirname "${BASH_SOURCE[0]}")
readonly SLOT=fks_wal
export PGHOST=127.0.0.1 PGUSER=$POSTGRES_USER PGDATABASE=$POSTGRES_DB PGCONNECT_TIMEOUT=10

# ask SQL: one value
ask() {
  psql --no-psqlrc -qtAX -c "$1"
}

status=$(ask "SELECT wal_status FROM pg_replication_slots WHERE slot_name = '$SLOT'")
if [[ $status == lost ]]; then
  printf 'wal: the database has given up the slot: what it wrote since the last file is missing\n'
  ask "SELECT pg_drop_replication_slot('$SLOT')" >"$directory/.answer"
  status=
fi
if [[ -z $status ]]; then
  printf 'wal: a new slot, and a base backup: earlier times cannot be reached\n'
  # pg_receivewal would go on after the newest file, which a new slot does not have.
  rm -rf "$directory/old"
  mkdir "$directory/old"
  for part in wal base; do if [[ -d $directory/$part ]]; then mv "$directory/$part" "$directory/old"; fi; done
  # A slot begins at the last checkpoint, which may be further back than max_slot_wal_keep_size.
  ask 'CHECKPOINT' >"$directory/.answer"
  ask "SELECT pg_create_physical_replication_slot('$SLOT', true)" >"$directory/.answer"
fi
mkdir -p "$directory"/{wal,base}

pg_receivewal --directory="$directory/wal" --slot="$SLOT" --no-loop --synchronous &
receiver=$!
trap 'kill -INT "$receiver"' TERM INT
printf 'wal: streaming\n'
if [[ -z $(ls "$directory/base") ]]; then bash "$here/base.sh" "$directory" || printf 'wal: no base backup\n'; fi

# A recovery to a time needs a transaction after it, also of a database that nobody uses.
while kill -0 "$receiver" 2>"$directory/.answer"; do
  ask "SELECT pg_logical_emit_message(true, 'fks', 'still here')" >"$directory/.answer" || printf 'wal: the database does not answer\n'
  sleep 10 &
  wait -n "$receiver" "$!" || true
done
wait "$receiver"
