"""Whether Celery has tasks that are not completed."""

import time

from ..logs.sources import containers
from ..paths import Paths
from ..shell import Shell
from .broker import delivered
from .report import queue_container, report


def unfinished(paths: Paths, shell: Shell) -> str:
    """What waits, what runs, and what waits for its time, or what cannot be read; empty for no
    task. Error: DeployError."""
    found = report(paths, shell, time.time())
    if found["queues"] is None or found["tasks"] is None:
        return "; ".join(found["problems"])
    waiting = sum(one["waiting"] for one in found["queues"])
    running = len(found["tasks"])
    planned = max(0, delivered(shell, queue_container(containers(shell))) - running)
    if not (waiting or running or planned):
        return ""
    return f"{waiting} tasks wait, {running} run, and {planned} wait for their time"
