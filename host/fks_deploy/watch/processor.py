"""How busy the server's CPU is."""

import os
from dataclasses import dataclass
from pathlib import Path

from .cgroup import Group


@dataclass(frozen=True)
class Sample:
    """CPU seconds since the start, in use and in all; only differences of two samples count."""

    busy: float
    total: float

    def percent_since(self, before: "Sample") -> float | None:
        """Percent in use since `before`; None when that is from before a restart."""
        elapsed, busy = self.total - before.total, self.busy - before.busy
        return 100 * busy / elapsed if elapsed > 0 and busy >= 0 else None


def sample(root: Path, now: float) -> Sample:
    """From the root group's limit if it has one: a server of the rehearsal is a container, and its
    /proc/stat shows the machine. Otherwise from /proc/stat, where the time a hypervisor withheld
    (steal) is not in use."""
    group = Group(root / "sys/fs/cgroup")
    cores = group.cores()
    if cores:
        return Sample(group.cpu_seconds(), now * cores)
    # proc_stat(5): user nice system idle iowait irq softirq steal guest guest_nice; user and nice
    # include the guests' time.
    fields = (root / "proc/stat").read_text().splitlines()[0].split()[1:9]
    ticks = [float(field) for field in fields]
    user, nice, system, _, _, irq, softirq, _ = ticks
    return Sample(user + nice + system + irq + softirq, sum(ticks))


def cores(root: Path) -> float:
    """The cores of the server: of the root group's limit if it has one."""
    return Group(root / "sys/fs/cgroup").cores() or os.cpu_count() or 1
