#!/bin/sh
# Healthy: Redis accepts the password and answers PONG. redis-cli exits with 0 also for NOAUTH and LOADING,
# so the answer itself is compared.
set -eu

# A rotation changes the password while the container runs; the mounted file is that of its start.
file=/run/redis/.fks-password
[ -f "$file" ] || file=/run/secrets/REDIS_PASSWORD
REDISCLI_AUTH=$(cat "$file")
export REDISCLI_AUTH
answer=$(redis-cli ping)
[ "$answer" = PONG ] || { echo "redis answered: $answer" >&2; exit 1; }
