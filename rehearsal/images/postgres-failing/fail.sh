#!/bin/sh
# usage: fail.sh COMMAND...
# Runs the image's own entrypoint, and fails first when the image is made to.
set -eu

case ${FKS_FAILS:-} in
  init) [ -s "$PGDATA/PG_VERSION" ] || { echo 'initdb: error: invalid locale settings' >&2; exit 1; } ;;
  # A copy has its dump here.
  serve) [ -d /upgrade ] || { echo 'PANIC:  could not locate a valid checkpoint record' >&2; exit 1; } ;;
esac
exec docker-entrypoint.sh "$@"
