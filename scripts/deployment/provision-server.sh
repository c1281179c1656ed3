#!/bin/sh
# Creates a server's machine and waits until it is in the tailnet: auth, api, web or all.
PATH="$(dirname "$0")/../../.venv/bin:$PATH"
exec fks up --part machine "$@"
