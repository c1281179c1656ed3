#!/bin/sh
# Starts stacks that were stopped: --auth, --api, --web, --multi, --single, or all without an option.
PATH="$(dirname "$0")/../../.venv/bin:$PATH"
exec fks start "$@"
