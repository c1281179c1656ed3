"""Restarts containers that hang or were killed: unhealthy ones, those that `docker kill` ended or
whose restart failed, and a worker that returns no task.

Nothing else does: Docker's restart policy applies to a process that ends by itself.
https://docs.docker.com/engine/containers/start-containers-automatically/
"""

from collections.abc import Iterator

from .. import journal, rollback
from ..containers import Container
from ..errors import DeployError, LockBusyError
from ..lock import deploy_lock
from . import queue
from .context import Context

# Seconds until the same container is restarted again
PAUSE = 1800.0
# Seconds; longer than the time any container takes to stop
_TIMEOUT = 180.0


def repair(context: Context) -> None:
    """Restart what does not work, each at most once in PAUSE; every restart is an event of the next
    alert. Does nothing while a deploy runs: it restarts containers itself."""
    broken = [one for one in _broken(context) if _is_due(context, one[0].service)]
    current = rollback.current(context.paths)
    if not broken or current is None:
        return
    try:
        with deploy_lock(context.paths.lock, current.name, "fks-watch", 0):
            for container, reason in broken:
                _restart(context, container, reason)
    except LockBusyError:
        return


def _broken(context: Context) -> Iterator[tuple[Container, str]]:
    by_service = {one.service: one for one in context.containers}
    for one in context.containers:
        if one.status == "running" and one.health.get("Status") == "unhealthy":
            yield one, "was unhealthy"
        elif one.killed:
            yield one, f"had ended with exit code {one.state['ExitCode']}"
    worker, broker = by_service.get(queue.WORKER), by_service.get(queue.BROKER)
    trip = queue.load(context.paths)
    if not trip or not trip.failing or trip.late(context.now):
        return
    if worker and _serves(worker) and broker and _serves(broker):
        yield worker, "returned no task twice"


def _serves(container: Container) -> bool:
    return container.status == "running" and not container.failing


def _is_due(context: Context, service: str) -> bool:
    last = context.state.restarts.get(service)
    return last is None or not 0 <= context.now - last < PAUSE


def _restart(context: Context, container: Container, reason: str) -> None:
    context.state.restarts[container.service] = context.now
    what = f"container {container.service} {reason}"
    try:
        context.shell.run(["docker", "restart", container.id], timeout=_TIMEOUT)
        event = f"{what} and was restarted"
    except DeployError as error:
        event = f"{what}; its restart failed: {error}"
    context.state.history.add_event(event, context.now)
    journal.record(context.paths.journal, "restart", "fks-watch", text=event)
