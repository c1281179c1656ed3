#!/bin/sh
# Healthy: Redis accepts the password and answers PONG. redis-cli exits with 0 also for NOAUTH and LOADING,
# so the answer itself is compared.
set -eu

REDISCLI_AUTH=$(cat /run/secrets/REDIS_PASSWORD)
export REDISCLI_AUTH
answer=$(redis-cli ping)
[ "$answer" = PONG ] || { echo "redis answered: $answer" >&2; exit 1; }
