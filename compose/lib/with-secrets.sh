#!/bin/sh
# usage: with-secrets.sh PROGRAM [ARGUMENT...]
# Exports each file in /run/secrets as a variable of the same name, then executes PROGRAM. For programs that
# read secrets from the environment only; so `docker inspect` shows no secret.
set -eu

for file in "${FKS_SECRETS_DIR:-/run/secrets}"/*; do
  [ -f "$file" ] || continue
  name=${file##*/}
  case $name in
    [!A-Z_]* | *[!A-Z0-9_]*)
      echo "with-secrets: '$name' is not a valid variable name; rename the secret (A-Z, 0-9, _)" >&2
      exit 64
      ;;
  esac
  if [ ! -s "$file" ]; then
    echo "with-secrets: $file is empty; set the secret $name and deploy again" >&2
    exit 65
  fi
  value=$(cat "$file")
  export "$name=$value"
done
unset value

exec "$@"
