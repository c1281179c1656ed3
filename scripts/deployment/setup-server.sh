#!/bin/sh
# Sets up a server over SSH (Docker, packet filter, users, limits): auth, api, web or all.
PATH="$(dirname "$0")/../../.venv/bin:$PATH"
exec fks up --part setup "$@"
