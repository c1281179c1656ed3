"""The parts of a status: each reads one thing, and reports what is wrong with it.

The checks are those of the watch (`fks_deploy/watch`), so that both have the same limits.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from .. import maintenance, stack_lock, updates
from ..containers import Container
from ..drift import flag
from ..restore import state as restore_state
from ..watch import report, resources, services, system
from ..watch import updates as pending
from ..watch.context import Context
from ..watch.problem import Problem
from ..watch.usage import Usage
from ..watch.utc import iso
from . import backup, deploys

# Seconds: an older measurement of the CPU says nothing.
_CPU_AGE = 180.0


@dataclass(frozen=True)
class Found:
    """The part of the document, as JSON types, and the problems."""

    value: Any
    problems: tuple[Problem, ...] = ()


def containers(context: Context) -> Found:
    checks = (services.containers, services.container_memory)
    problems = tuple(problem for check in checks for problem in check(context))
    present = [*context.containers, *context.unexpected]
    ordered = sorted(present, key=lambda one: one.service)
    return Found([_container(context, one) for one in ordered], problems)


def _container(context: Context, one: Container) -> dict[str, Any]:
    used, limit = services.memory(context, one) or (None, None)
    return {
        "service": one.service,
        "state": one.status,
        "health": one.health.get("Status"),
        "restarts": one.restart_count,
        "started": iso(one.started),
        "memory": used,
        "memory_limit": limit,
    }


def health(context: Context) -> Found:
    """The answers of the own roles through the edge, all at the same time."""
    probes = context.settings.own
    with ThreadPoolExecutor(max_workers=max(len(probes), 1)) as pool:
        answers = list(pool.map(partial(services.own_answer, context), probes))
    value = [
        {"url": probe.url, "healthy": problem is None}
        for probe, problem in zip(probes, answers, strict=True)
    ]
    failed = (problem for problem in answers if problem)
    return Found(value, (*failed, *services.queue_round_trip(context)))


def usage(context: Context) -> Found:
    found = list(_usage(context))
    return Found(
        [{key: value for key, value in asdict(one).items() if key != "command"} for one in found],
        tuple(problem for one in found for problem in one.problems()),
    )


def _usage(context: Context) -> Iterator[Usage]:
    """The CPU as the watch measured it: this program would measure itself."""
    if context.now - context.state.checked < _CPU_AGE:
        yield from resources.last_cpu(context)
    for measure in (resources.used_memory, resources.swap, resources.load, resources.disk):
        yield from measure(context)


def certificates(context: Context) -> Found:
    found = list(system.validities(context))
    value = {one.name: round(one.days(context.now), 1) for one in found}
    return Found(value, _all(one.problems(context.now) for one in found))


def units(context: Context) -> Found:
    problems = tuple(system.failed_units(context))
    return Found([one.key.removeprefix("unit ") for one in problems], problems)


def clock(context: Context) -> Found:
    found = system.synchronized(context)
    return Found(found, tuple(system.clock_problems(found)))


def newest_backup(context: Context) -> Found:
    return Found(backup.newest(context.paths, context.now), tuple(backup.problems(context)))


def restores(context: Context) -> Found:
    """Those that are not finished."""
    found = restore_state.every(context.paths)
    value = {
        name: {"state": one.state, "since": one.since, "aside": one.aside}
        for name, one in found.items()
    }
    return Found(value, tuple(restore_state.problems(found, context.now)))


def reboot(context: Context) -> Found:
    return Found(list(updates.reboot_reasons(context.root, os.uname().release)))


def watch(context: Context) -> Found:
    now, monotonic = context.now, time.monotonic()
    return Found(report.report(context.paths, context.shell, now, monotonic))


def drift(context: Context) -> Found:
    return Found(flag.read(context.paths.drift, context.now))


def locked(context: Context) -> Found:
    found = stack_lock.read(context.paths)
    return Found(asdict(found) if found else None)


def maintenance_mode(context: Context) -> Found:
    found = maintenance.read(context.paths)
    return Found(asdict(found) if found else None)


def _all(groups: Iterable[Iterator[Problem]]) -> tuple[Problem, ...]:
    return tuple(problem for group in groups for problem in group)


PARTS: Mapping[str, Callable[[Context], Found]] = {
    "release": lambda context: Found(deploys.release(context.paths)),
    "deploy": lambda context: Found(deploys.running(context.paths)),
    "last_deploy": lambda context: Found(deploys.last(context.paths)),
    "lock": locked,
    "maintenance": maintenance_mode,
    "stopped": lambda context: Found(deploys.stopped(context.paths)),
    "containers": containers,
    "health": health,
    "usage": usage,
    "certificates": certificates,
    "failed_units": units,
    "clock": clock,
    "backup": newest_backup,
    "restores": restores,
    "reboot": reboot,
    "updates": lambda context: Found(pending.read(context.paths)),
    "watch": watch,
    "drift": drift,
}
