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

umask 077
{
  echo "include /fks/redis/$role.conf"
  echo "maxmemory $((limit * share / 100))mb"
  echo "requirepass $(cat /run/secrets/REDIS_PASSWORD)"
} >/run/redis/redis.conf

exec redis-server /run/redis/redis.conf
