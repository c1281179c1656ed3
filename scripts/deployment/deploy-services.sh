#!/bin/sh
# Deploys a server's services and its DNS records: auth, api, web or all.
PATH="$(dirname "$0")/../../.venv/bin:$PATH"
exec fks up --part services "$@"
