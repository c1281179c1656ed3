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

# Like the official image: only the container's network has access.
if [ "${1:-}" = redis-server ]; then set -- "$@" --protected-mode no; fi

exec "$@"
