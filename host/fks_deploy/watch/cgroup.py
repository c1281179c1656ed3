"""Memory and CPU of a control group, read from the files of cgroup v1 or v2.

https://docs.kernel.org/admin-guide/cgroup-v2.html, https://docs.kernel.org/admin-guide/cgroup-v1/
"""

from dataclasses import dataclass
from pathlib import Path

# cgroup v1 has no word for "unlimited": its limit is then the largest multiple of a page.
_UNLIMITED = 2**60


@dataclass(frozen=True)
class Group:
    """The group `name` below `mount`, which is /sys/fs/cgroup; "" is the root group. The root group
    of a machine has no limit; that of a container in a cgroup namespace has the container's."""

    mount: Path
    name: str = ""

    def memory(self) -> tuple[int, int] | None:
        """Used bytes without the cache that the kernel reclaims first, and the limit; None without
        a limit or a group."""
        version2, version1 = self.mount / self.name, self.mount / "memory" / self.name
        return _memory(version2, "memory.max", "memory.current", "inactive_file") or _memory(
            version1, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"
        )

    def cores(self) -> float | None:
        """The CPU limit in cores; None without one."""
        quota = _text(self.mount / self.name / "cpu.max").split()
        if not quota:
            directory = self.mount / "cpu" / self.name
            files = ("cpu.cfs_quota_us", "cpu.cfs_period_us")
            quota = [_text(directory / file) for file in files]
        if not quota[0].isdigit():
            return None
        return int(quota[0]) / int(quota[1])

    def cpu_seconds(self) -> float:
        """CPU time of the group since it was made."""
        used = _entry(self.mount / self.name / "cpu.stat", "usage_usec")
        if used is not None:
            return used / 1e6
        return int(_text(self.mount / "cpuacct" / self.name / "cpuacct.usage") or 0) / 1e9


def _memory(directory: Path, limit: str, usage: str, cache: str) -> tuple[int, int] | None:
    text = _text(directory / limit)
    if not text.isdigit() or int(text) >= _UNLIMITED:
        return None
    used = int((directory / usage).read_text())
    return used - (_entry(directory / "memory.stat", cache) or 0), int(text)


def _entry(file: Path, name: str) -> int | None:
    """The number after `name` in a file of such lines; None if it is not there."""
    pairs = (line.split() for line in _text(file).splitlines())
    return next((int(pair[1]) for pair in pairs if pair[0] == name), None)


def _text(file: Path) -> str:
    """The file's text; "" if it does not exist."""
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        return ""
