"""Memory and swap of the server."""

from pathlib import Path

from .cgroup import Group


def used(root: Path) -> tuple[int, int]:
    """Bytes that are neither free nor reclaimable, and all. In a container of the rehearsal the
    root group's limit counts: its /proc/meminfo shows the machine."""
    limited = Group(root / "sys/fs/cgroup").memory()
    if limited:
        return limited
    values = _meminfo(root)
    total = values["MemTotal"]
    return (total - values["MemAvailable"]) << 10, total << 10


def used_percent(root: Path) -> float:
    """As `used`, in percent."""
    in_use, total = used(root)
    return 100 * in_use / total


def used_swap(root: Path) -> int:
    """Bytes of the swap in use."""
    values = _meminfo(root)
    return (values["SwapTotal"] - values["SwapFree"]) << 10


def swap_percent(root: Path) -> float:
    """Percent of the swap in use; 0 without swap."""
    values = _meminfo(root)
    total = values["SwapTotal"]
    return 100 * (1 - values["SwapFree"] / total) if total else 0.0


def _meminfo(root: Path) -> dict[str, int]:
    lines = (root / "proc/meminfo").read_text().splitlines()
    return {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
