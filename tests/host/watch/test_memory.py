from host.fks_deploy.watch import memory
from tests.host.watch.server import WatchedServer

MEMINFO = """\
MemTotal:        1000 kB
MemFree:          100 kB
MemAvailable:     250 kB
HugePages_Total:    0
SwapTotal:        400 kB
SwapFree:         100 kB
"""


def test_memory_that_can_be_reclaimed_is_not_used(watched: WatchedServer) -> None:
    watched.file("proc/meminfo", MEMINFO)
    assert memory.used_percent(watched.root) == 75.0


def test_a_limited_root_group_counts_instead_of_the_machine(watched: WatchedServer) -> None:
    watched.file("proc/meminfo", MEMINFO)
    watched.file("sys/fs/cgroup/memory.max", "1000\n")
    watched.file("sys/fs/cgroup/memory.current", "500\n")
    watched.file("sys/fs/cgroup/memory.stat", "inactive_file 100\n")
    assert memory.used_percent(watched.root) == 40.0


def test_swap(watched: WatchedServer) -> None:
    watched.file("proc/meminfo", MEMINFO)
    assert memory.swap_percent(watched.root) == 75.0


def test_a_server_without_swap_uses_none(watched: WatchedServer) -> None:
    watched.file("proc/meminfo", "SwapTotal: 0 kB\nSwapFree: 0 kB\n")
    assert memory.swap_percent(watched.root) == 0.0


def test_used_memory_and_swap_in_bytes(watched: WatchedServer) -> None:
    watched.file("proc/meminfo", MEMINFO)
    assert memory.used(watched.root) == (750 << 10, 1000 << 10)
    assert memory.used_swap(watched.root) == 300 << 10
