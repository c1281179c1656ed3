"""Checks of CPU, memory, swap, load and disk."""

import os
from collections.abc import Iterator

from . import memory, processor
from .context import Context
from .problem import Problem

SWAP_LIMIT = 80.0
# Processes that run or wait, for each core, on average over 15 minutes
LOAD_LIMIT = 4.0
# Two limits are two problems: a disk that fills up causes a second alert.
DISK_LIMITS = (80.0, 90.0)
DISK_PATHS = ("", "var/lib/docker", "var/lib/fks", "var/log")
_BUSIEST = "sudo docker stats --no-stream"
_LARGEST = "sudo du -xh --max-depth=3 / | sort -h | tail -20; sudo docker system df"


def cpu(context: Context) -> Iterator[Problem]:
    """The average since the last run."""
    last, context.state.cpu = context.state.cpu, processor.sample(context.root, context.now)
    percent = context.state.cpu.percent_since(last) if last else None
    if percent is not None and percent > context.settings.cpu:
        yield _above("cpu", "CPU", percent, context.settings.cpu, f"{_BUSIEST}; top")


def used_memory(context: Context) -> Iterator[Problem]:
    percent = memory.used_percent(context.root)
    if percent > context.settings.memory:
        yield _above("memory", "memory", percent, context.settings.memory, _BUSIEST)


def swap(context: Context) -> Iterator[Problem]:
    percent = 0.0 if context.in_container else memory.swap_percent(context.root)
    if percent > SWAP_LIMIT:
        yield _above("swap", "swap", percent, SWAP_LIMIT, f"{_BUSIEST}; free -m")


def load(context: Context) -> Iterator[Problem]:
    if context.in_container:
        return
    average = float((context.root / "proc/loadavg").read_text().split()[2])
    limit = LOAD_LIMIT * (os.cpu_count() or 1)
    if average > limit:
        text = f"the load is {average:.1f}, limit {limit:.0f}"
        yield Problem("load", text, f"{_BUSIEST}; top")


def disk(context: Context) -> Iterator[Problem]:
    """Each file system once. The space that only root may use counts as used."""
    seen = set()
    for path in (context.root / name for name in DISK_PATHS):
        if not path.exists() or (device := path.stat().st_dev) in seen:
            continue
        seen.add(device)
        info = os.statvfs(path)
        percent = 100 * (1 - info.f_bavail / info.f_blocks) if info.f_blocks else 0.0
        for limit in DISK_LIMITS:
            if percent > limit:
                yield _above(f"disk {path} {limit:.0f}", f"disk {path}", percent, limit, _LARGEST)


def _above(key: str, what: str, percent: float, limit: float, command: str) -> Problem:
    return Problem(key, f"{what} is at {percent:.0f} %, limit {limit:.0f} %", command)
