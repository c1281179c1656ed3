"""What the server uses at one moment, in bytes and cores, to be compared with plans."""

import os
from dataclasses import asdict, dataclass
from typing import Any

from . import memory, processor, services
from .context import Context


@dataclass(frozen=True)
class Used:
    """`cpu` in cores, on average since the last run; `memory` and `swap` in bytes, `disk` in bytes
    of the file system of /. None where it was not measured. `containers`: service to bytes."""

    cpu: float | None
    memory: int
    swap: int | None
    disk: int | None
    containers: dict[str, int]

    def document(self) -> dict[str, Any]:
        """As JSON types."""
        return asdict(self)


def used(context: Context) -> Used:
    """After the check of the CPU, which measures it. Error: OSError, ValueError, LookupError."""
    percent, root = context.state.cpu_percent, context.root
    # Swap and disk of a container are those of the machine.
    own = not context.in_container
    return Used(
        cpu=None if percent is None else round(percent * processor.cores(root) / 100, 3),
        memory=memory.used(root)[0],
        swap=memory.used_swap(root) if own else None,
        disk=_used_disk(context) if own else None,
        containers=_containers(context),
    )


def _used_disk(context: Context) -> int:
    info = os.statvfs(context.root)
    return (info.f_blocks - info.f_bfree) * info.f_frsize


def _containers(context: Context) -> dict[str, int]:
    memories = {one.service: services.memory(context, one) for one in context.containers}
    return {service: found[0] for service, found in memories.items() if found}
