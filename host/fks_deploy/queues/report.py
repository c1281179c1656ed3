"""Queues, workers and running tasks as one document."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from ..errors import DeployError
from ..logs.sources import Container, containers
from ..paths import Paths
from ..shell import Shell
from ..watch.utc import iso
from . import broker, samples, workers
from .broker import Waiting

T = TypeVar("T")


def report(paths: Paths, shell: Shell, now: float) -> dict[str, Any]:
    """Changes nothing. Error: CommandFailedError if the containers cannot be listed.

    {"time": in UTC, "queues": [{"name", "waiting": tasks, "oldest": seconds that the oldest of them
    has waited at least, None if that is not known or none waits}],
    "workers": [{"name", "queues": [name], "processes"}],
    "tasks": [{"id", "name", "queue", "worker", "seconds": since its start, or None}],
    "problems": [text]}; a part that cannot be read is None, and a problem says why.
    """
    problems: list[str] = []
    found = containers(shell)
    waiting = _attempt(problems, lambda: broker.waiting(shell, queue_container(found)))
    answers = _attempt(problems, lambda: _ask_workers(shell, found))
    return {
        "time": iso(now),
        "queues": None if waiting is None else _queues(paths, waiting, answers or {}, now),
        "workers": answers and answers["workers"],
        "tasks": answers and [_task(task, now) for task in answers["tasks"]],
        "problems": problems,
    }


def purge(shell: Shell, queue: str) -> int:
    """Delete the waiting tasks of a queue; returns their number. Error: DeployError."""
    return broker.purge(shell, queue_container(containers(shell)), queue)


def queue_container(found: Sequence[Container]) -> str:
    """The id of Redis's container. Error: DeployError while it does not run."""
    return _first(found, (broker.SERVICE,))


def _ask_workers(shell: Shell, found: Sequence[Container]) -> dict[str, Any]:
    expected = len(_running(found, workers.WORKERS))
    return workers.inspect(shell, _first(found, workers.SERVICES), expected)


def _first(found: Sequence[Container], services: Sequence[str]) -> str:
    if running := _running(found, services):
        return running[0].key
    raise DeployError(f"no container runs of {' or '.join(services)}")


def _running(found: Sequence[Container], services: Sequence[str]) -> list[Container]:
    """In the order of the services."""
    return [
        one for name in services for one in found if one.service == name and one.state == "running"
    ]


def _attempt(problems: list[str], call: Callable[[], T]) -> T | None:
    try:
        return call()
    except (DeployError, ValueError, LookupError) as error:
        problems.append(str(error))
        return None


def _queues(
    paths: Paths, waiting: Mapping[str, Waiting], answers: Mapping[str, Any], now: float
) -> list[dict[str, Any]]:
    """Those with tasks, and those that a worker consumes."""
    sampled = samples.load(paths.queue_samples)
    consumed = {name for worker in answers.get("workers", ()) for name in worker["queues"]}
    return [_queue(name, waiting.get(name), sampled, now) for name in sorted({*waiting, *consumed})]


def _queue(
    name: str, waiting: Waiting | None, sampled: samples.Samples, now: float
) -> dict[str, Any]:
    if waiting is None:
        return {"name": name, "waiting": 0, "oldest": None}
    waited = sampled.waited(name, waiting, now)
    oldest = None if waited is None else round(waited)
    return {"name": name, "waiting": waiting.length, "oldest": oldest}


def _task(task: Mapping[str, Any], now: float) -> dict[str, Any]:
    started = task["started"]
    seconds = None if started is None else max(round(now - started), 0)
    return {**{key: task[key] for key in ("id", "name", "queue", "worker")}, "seconds": seconds}
