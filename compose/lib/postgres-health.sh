#!/bin/sh
# Healthy: the database answers a query over the network with the applications' password. Not over
# loopback or the socket: the image accepts loopback without a password, and during the first start a
# temporary server listens on the socket.
set -eu

PGPASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
export PGPASSWORD
answer=$(psql --no-psqlrc -qtAX -h "$(hostname)" -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c 'SELECT 1')
[ "$answer" = 1 ]
