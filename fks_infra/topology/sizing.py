"""What a plan's memory and cores give to each service."""

from collections.abc import Mapping

from fks_infra.clouds.linode_types import Plan
from fks_infra.roles.role import Processes

# MiB that Debian, dockerd, tailscaled and sshd use (about 300), and page cache.
_SMALLEST_HEADROOM = 384
# Limits grow in steps of so many MiB.
_STEP = 16


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
