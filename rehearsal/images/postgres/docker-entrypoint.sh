#!/bin/bash
# usage: docker-entrypoint.sh [postgres] [-c name=value ...]
# Creates the database at the first start, then runs the server, like the official image.
set -euo pipefail

echo 'fks stand-in: PostgreSQL from Debian with the interface of docker.io/library/postgres' >&2

# usage: from_file NAME DEFAULT
# Prints NAME, or the content of the file in NAME_FILE; both together are an error.
from_file() {
  local name=$1 file_name="$1_FILE"
  local file=${!file_name:-} value=${!name:-}
  if [ -n "$file" ] && [ -n "$value" ]; then
    echo "error: $name and $file_name are both set: unset one" >&2
    exit 1
  fi
  if [ -n "$file" ]; then value=$(<"$file"); fi
  echo "${value:-$2}"
}

# As root: change the directory's owner to the database's user and continue as that user.
drop_privileges() {
  mkdir -p "$PGDATA"
  chown postgres:postgres "$PGDATA" /var/run/postgresql
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
}

# Runs the mounted scripts of the first start.
run_initdb_d() {
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) bash "$file" ;;
      *.sql) local_psql -f "$file" ;;
      *.sql.gz) gunzip -c "$file" | local_psql ;;
    esac
  done
}

local_psql() {
  psql --no-psqlrc -v ON_ERROR_STOP=1 -q -h /var/run/postgresql -U "$user" -d "$database" "$@"
}

create_database() {
  local user password database
  user=$(from_file POSTGRES_USER postgres)
  password=$(from_file POSTGRES_PASSWORD '')
  database=$(from_file POSTGRES_DB "$user")
  if [ -z "$password" ] && [ "${POSTGRES_HOST_AUTH_METHOD:-}" != trust ]; then
    echo 'error: no password for the database: set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE' >&2
    exit 1
  fi
  initdb --username="$user" --pwfile=<(printf '%s\n' "$password") --auth-host=trust --auth-local=trust
  printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >>"$PGDATA/pg_hba.conf"
  # Only on the socket: no client may use the database before it is complete.
  pg_ctl -D "$PGDATA" -w -o "-c listen_addresses='' -c unix_socket_directories=/var/run/postgresql" start
  if [ "$database" != postgres ]; then
    psql --no-psqlrc -q -h /var/run/postgresql -U "$user" -d postgres -v name="$database" \
      <<<'CREATE DATABASE :"name";'
  fi
  run_initdb_d
  pg_ctl -D "$PGDATA" -m fast -w stop
}

case ${1:-} in -*) set -- postgres "$@" ;; esac

if [ "${1:-postgres}" = postgres ]; then
  if [ "$(id -u)" = 0 ]; then drop_privileges "$@"; fi
  chmod 0700 "$PGDATA"
  if [ ! -s "$PGDATA/PG_VERSION" ]; then create_database; fi
  shift || true
  set -- postgres -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql "$@"
fi

exec "$@"
