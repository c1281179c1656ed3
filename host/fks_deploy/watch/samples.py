"""What one run of the watch measured, in percent, for the record of a day."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from . import resources
from .context import Context
from .usage import Usage


@dataclass(frozen=True)
class UsageSample:
    """Percent in use at `time`, in seconds since 1970; None for what was not measured. `disk` is
    the fullest file system."""

    time: float
    cpu: float | None
    memory: float | None
    disk: float | None


def sample(context: Context) -> UsageSample:
    """After the checks of a run, which measure the CPU and report what cannot be read."""
    return UsageSample(
        time=context.now,
        cpu=_highest(resources.last_cpu, context),
        memory=_highest(resources.used_memory, context),
        disk=_highest(resources.disk, context),
    )


def _highest(measure: Callable[[Context], Iterator[Usage]], context: Context) -> float | None:
    with suppress(OSError, ValueError, LookupError):
        return max((one.value for one in measure(context)), default=None)
    return None
