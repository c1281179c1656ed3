"""Memory and swap of the server."""

from pathlib import Path

from .cgroup import Group


def used_percent(root: Path) -> float:
    """Percent of the memory that is neither free nor reclaimable. In a container of the rehearsal
    the root group's limit counts: its /proc/meminfo shows the machine."""
    limited = Group(root / "sys/fs/cgroup").memory()
    if limited:
        used, limit = limited
        return 100 * used / limit
    values = _meminfo(root)
    return 100 * (1 - values["MemAvailable"] / values["MemTotal"])


def swap_percent(root: Path) -> float:
    """Percent of the swap in use; 0 without swap."""
    values = _meminfo(root)
    total = values["SwapTotal"]
    return 100 * (1 - values["SwapFree"] / total) if total else 0.0


def _meminfo(root: Path) -> dict[str, int]:
    lines = (root / "proc/meminfo").read_text().splitlines()
    return {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
