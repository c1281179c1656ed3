#!/bin/sh
# Stops stacks: --auth, --api, --web, --multi, --single, or all without an option; --force, --cleanup-all.
PATH="$(dirname "$0")/../../.venv/bin:$PATH"
exec fks stop "$@"
