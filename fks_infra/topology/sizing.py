"""What a plan's memory and cores give to each service."""

from collections.abc import Mapping

from fks_infra.clouds.linode_types import Plan
from fks_infra.roles.role import Processes

# MiB that Debian, dockerd, tailscaled and sshd use (about 300), and page cache.
_SMALLEST_HEADROOM = 384
# Limits grow in steps of so many MiB.
_STEP = 16
# Of the cores, for a background service.
_BACKGROUND_CORES = 0.75
# Linux's scheduling period, in microseconds: https://docs.kernel.org/scheduler/sched-bwc.html
_PERIOD = 100_000


def headroom(plan: Plan) -> int:
    """MiB of the plan that no container gets; the kernel's own part grows with the memory."""
    return max(_SMALLEST_HEADROOM, plan.memory // 16)


def memory_limits(
    smallest: Mapping[str, int], shares: Mapping[str, int], available: int
) -> dict[str, int]:
    """MiB by service: its smallest limit, and its share of what is available beyond all of them.

    The sum exceeds `available` only where that of the smallest limits does.
    """
    rest = max(0, available - sum(smallest.values()))
    whole = sum(shares.values()) or 1
    return {
        name: limit + rest * shares.get(name, 0) // whole // _STEP * _STEP
        for name, limit in smallest.items()
    }


def process_count(processes: Processes, memory: int, cores: int, replicas: int = 1) -> int:
    """How many of them fit the memory limit in MiB and the cores, which the replicas divide."""
    by_memory = (memory - processes.base) // processes.memory
    return max(1, min(cores * processes.per_core // replicas, by_memory))


def cpu_quota(cores: int) -> int:
    """Microseconds of CPU time of a background service in each period of 0.1 s.

    A task of minutes would keep every core busy; a quarter of them stays free for sshd, dockerd
    and the services that answer requests. Those need no limit: their work is short, and the kernel
    divides a busy core evenly between containers and system services. It is a quota because the
    engine rejects Compose's `cpus` above the number of its cores, as the rehearsal has fewer.
    """
    return int(cores * _BACKGROUND_CORES * _PERIOD)
