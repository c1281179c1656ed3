#!/bin/sh
# Healthy: Redis answers PONG to its password. redis-cli exits 0 on NOAUTH and LOADING too, so the
# answer itself is read.
set -eu

REDISCLI_AUTH=$(cat /run/secrets/REDIS_PASSWORD)
export REDISCLI_AUTH
answer=$(redis-cli ping)
[ "$answer" = PONG ] || { echo "redis said: $answer" >&2; exit 1; }
