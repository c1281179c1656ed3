#!/bin/sh
# usage: with-secrets.sh PROGRAM [ARGUMENT...]
# Exports every file of /run/secrets under its own name, then becomes PROGRAM. For programs that read
# secrets from the environment only: this way none is in the container's inspectable configuration.
set -eu

for file in "${FKS_SECRETS_DIR:-/run/secrets}"/*; do
  [ -f "$file" ] || continue
  name=${file##*/}
  case $name in
    [!A-Z_]* | *[!A-Z0-9_]*)
      echo "with-secrets: '$name' is no name of an environment variable; rename the secret (A-Z, 0-9, _)" >&2
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
