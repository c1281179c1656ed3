"""Celery's workers and the tasks that they run."""

import json
from pathlib import Path
from typing import Any

from ..shell import Shell

# What runs tasks.
WORKERS = ("api-worker", "api-gpu-worker")
# Services whose image has Celery; one of them must run.
SERVICES = (*WORKERS, "api-beat")
_PROGRAM = Path(__file__).with_name("inspect_workers.py")
_TIMEOUT = 30.0


def inspect(shell: Shell, container: str, expected: int) -> dict[str, Any]:
    """As inspect_workers.py describes it; `container` is one of a service of SERVICES, `expected`
    how many workers run. Error: CommandFailedError."""
    python = ["/bin/sh", "/fks/with-secrets.sh", "python", "-", str(expected)]
    line = ["docker", "exec", "-i", container, *python]
    name = "the inspection of Celery's workers"
    text = shell.run(line, name=name, timeout=_TIMEOUT, stdin=_PROGRAM.read_text())
    return dict(json.loads(text))
