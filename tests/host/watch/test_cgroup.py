"""Control groups of both versions, in files with the kernel's names and formats."""

from host.fks_deploy.watch.cgroup import Group
from tests.host.watch.server import WatchedServer

MOUNT = "sys/fs/cgroup"
MIB = 1 << 20


def group(watched: WatchedServer, name: str = "") -> Group:
    return Group(watched.root / MOUNT, name)


def version2(watched: WatchedServer, directory: str = "") -> None:
    base = f"{MOUNT}/{directory}"
    watched.file(f"{base}/memory.max", f"{512 * MIB}\n")
    watched.file(f"{base}/memory.current", f"{300 * MIB}\n")
    watched.file(f"{base}/memory.stat", f"anon 5\nfile 7\ninactive_file {44 * MIB}\n")
    watched.file(f"{base}/cpu.max", "150000 100000\n")
    watched.file(f"{base}/cpu.stat", "usage_usec 2500000\nuser_usec 1\n")


def version1(watched: WatchedServer, name: str = "") -> None:
    memory, cpu = f"{MOUNT}/memory/{name}", f"{MOUNT}/cpu/{name}"
    watched.file(f"{memory}/memory.limit_in_bytes", f"{512 * MIB}\n")
    watched.file(f"{memory}/memory.usage_in_bytes", f"{300 * MIB}\n")
    watched.file(f"{memory}/memory.stat", f"inactive_file 3\ntotal_inactive_file {44 * MIB}\n")
    watched.file(f"{cpu}/cpu.cfs_quota_us", "150000\n")
    watched.file(f"{cpu}/cpu.cfs_period_us", "100000\n")
    watched.file(f"{MOUNT}/cpuacct/{name}/cpuacct.usage", "2500000000\n")


def test_version_2(watched: WatchedServer) -> None:
    version2(watched)
    one = group(watched)
    assert (one.memory(), one.cores(), one.cpu_seconds()) == ((256 * MIB, 512 * MIB), 1.5, 2.5)


def test_version_1(watched: WatchedServer) -> None:
    version1(watched)
    one = group(watched)
    assert (one.memory(), one.cores(), one.cpu_seconds()) == ((256 * MIB, 512 * MIB), 1.5, 2.5)


def test_a_group_below_the_root(watched: WatchedServer) -> None:
    version2(watched, "docker/1")
    version1(watched, "docker/2")
    for name in ("docker/1", "docker/2"):
        assert group(watched, name).memory() == (256 * MIB, 512 * MIB)
    assert group(watched).memory() is None


def test_a_machine_has_no_limits(watched: WatchedServer) -> None:
    assert (group(watched).memory(), group(watched).cores()) == (None, None)


def test_unlimited_groups(watched: WatchedServer) -> None:
    version2(watched)
    watched.file(f"{MOUNT}/memory.max", "max\n")
    watched.file(f"{MOUNT}/cpu.max", "max 100000\n")
    assert (group(watched).memory(), group(watched).cores()) == (None, None)


def test_unlimited_groups_of_version_1(watched: WatchedServer) -> None:
    version1(watched)
    watched.file(f"{MOUNT}/memory/memory.limit_in_bytes", "9223372036854771712\n")
    watched.file(f"{MOUNT}/cpu/cpu.cfs_quota_us", "-1\n")
    assert (group(watched).memory(), group(watched).cores()) == (None, None)
