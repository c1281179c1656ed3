"""CPU, memory, swap, load and disk: how much is in use, and the checks of that."""

import os
from collections.abc import Callable, Iterator

from . import memory, processor
from .context import Context
from .problem import Problem
from .usage import Usage

SWAP_LIMIT = 80.0
# Processes that run or wait, for each core, on average over 15 minutes
LOAD_LIMIT = 4.0
# Two limits are two problems: a disk that fills up causes a second alert.
DISK_LIMITS = (80.0, 90.0)
DISK_PATHS = ("", "var/lib/docker", "var/lib/fks", "var/log")
_BUSIEST = "sudo docker stats --no-stream"
_LARGEST = "sudo du -xh --max-depth=3 / | sort -h | tail -20; sudo docker system df"


def measure_cpu(context: Context) -> Iterator[Usage]:
    """The average since the last run."""
    last, context.state.cpu = context.state.cpu, processor.sample(context.root, context.now)
    context.state.cpu_percent = context.state.cpu.percent_since(last) if last else None
    yield from last_cpu(context)


def last_cpu(context: Context) -> Iterator[Usage]:
    """What the last run measured."""
    if (percent := context.state.cpu_percent) is not None:
        yield Usage("CPU", percent, (context.settings.cpu,), f"{_BUSIEST}; top")


def used_memory(context: Context) -> Iterator[Usage]:
    percent = memory.used_percent(context.root)
    yield Usage("memory", percent, (context.settings.memory,), _BUSIEST)


def swap(context: Context) -> Iterator[Usage]:
    if not context.in_container:
        percent = memory.swap_percent(context.root)
        yield Usage("swap", percent, (SWAP_LIMIT,), f"{_BUSIEST}; free -m")


def load(context: Context) -> Iterator[Usage]:
    if not context.in_container:
        average = float((context.root / "proc/loadavg").read_text().split()[2])
        limit = LOAD_LIMIT * (os.cpu_count() or 1)
        yield Usage("load", average, (limit,), f"{_BUSIEST}; top", percent=False)


def disk(context: Context) -> Iterator[Usage]:
    """Each file system once. The space that only root may use counts as used."""
    seen = set()
    for path in (context.root / name for name in DISK_PATHS):
        if not path.exists() or (device := path.stat().st_dev) in seen:
            continue
        seen.add(device)
        info = os.statvfs(path)
        percent = 100 * (1 - info.f_bavail / info.f_blocks) if info.f_blocks else 0.0
        yield Usage(f"disk {path}", percent, DISK_LIMITS, _LARGEST)


def check(
    measure: Callable[[Context], Iterator[Usage]],
) -> Callable[[Context], Iterator[Problem]]:
    """The check of what a function of this module measures."""

    def problems(context: Context) -> Iterator[Problem]:
        for usage in measure(context):
            yield from usage.problems()

    return problems
