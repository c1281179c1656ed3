#!/bin/sh
# usage: docker-entrypoint.sh [redis-server] [FILE.conf] [--option value ...]
set -eu

case ${1:-} in
  -* | *.conf) set -- redis-server "$@" ;;
esac

if [ "${1:-}" = redis-server ] && [ "$(id -u)" = 0 ]; then
  chown redis:redis /data
  exec setpriv --reuid=redis --regid=redis --init-groups "$0" "$@"
fi

# The official image turns protected mode off: the container's network is the border.
if [ "${1:-}" = redis-server ]; then set -- "$@" --protected-mode no; fi

exec "$@"
