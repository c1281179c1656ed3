#!/bin/sh
# Healthy: the body of /health has the status healthy. Images have wget or curl, few have both.
set -eu

url=http://127.0.0.1:8080/health
if command -v curl >/dev/null; then
  body=$(curl -fsS --max-time 4 "$url")
else
  body=$(wget -q -T 4 -O - "$url")
fi
case $body in
  *'"status":"healthy"'*) ;;
  *)
    echo "$url answered: $body" >&2
    exit 1
    ;;
esac
