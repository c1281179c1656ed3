#!/bin/sh
# Healthy: the database answers a query over the network with the applications' password. Not over
# loopback or the socket: the image accepts loopback without a password, and during the first start a
# temporary server listens on the socket.
set -eu

# A rotation changes the password while the container runs; the mounted file is that of its start.
file=/var/run/postgresql/.fks-password
[ -f "$file" ] || file=$POSTGRES_PASSWORD_FILE
PGPASSWORD=$(cat "$file")
export PGPASSWORD
answer=$(psql --no-psqlrc -qtAX -h "$(hostname)" -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c 'SELECT 1')
[ "$answer" = 1 ]
