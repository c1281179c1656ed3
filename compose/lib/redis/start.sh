#!/bin/sh
# usage: start.sh queue|cache MEMORY     MEMORY is the container's memory limit, like 256m
# Writes the configuration with the password to a tmpfs, so that no image, command line or environment
# contains it, then executes redis-server.
set -eu

role=$1
limit=${2%m}
case $limit in
  "$2" | '' | *[!0-9]*)
    echo "redis start: the memory limit '$2' of the $role is not a number of MiB like 256m" >&2
    exit 64
    ;;
esac

# The rest is for the fork that rewrites the append-only file, for buffers and fragmentation.
case $role in
  queue) share=60 ;;
  cache) share=75 ;;
  *)
    echo "redis start: '$role' is neither queue nor cache" >&2
    exit 64
    ;;
esac

# Garbage at the end of the append-only file, as after a power failure, would stop Redis. From 8.4 on it cuts
# off up to this many bytes itself; before, docs/operations.md has the repair.
version=$(redis-server --version)
version=${version#*v=}
minor=${version#*.}
repair=
if [ $((${version%%.*} * 100 + ${minor%%.*})) -ge 804 ]; then repair='aof-load-corrupt-tail-max-size 4096'; fi

umask 077
{
  echo "include /fks/redis/$role.conf"
  echo "maxmemory $((limit * share / 100))mb"
  if [ "$role" = queue ]; then echo "$repair"; fi
  echo "requirepass $(cat /run/secrets/REDIS_PASSWORD)"
} >/run/redis/redis.conf

exec redis-server /run/redis/redis.conf
