#!/bin/sh
# Healthy: the database answers over the network, to the password the applications were given.
# The loopback address would not do: the image trusts it without a password, and during the first
# start a temporary server answers on the socket.
set -eu

PGPASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
export PGPASSWORD
answer=$(psql --no-psqlrc -qtAX -h "$(hostname)" -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c 'SELECT 1')
[ "$answer" = 1 ]
