from host.fks_deploy.watch.used import used
from tests.host.watch.server import WatchedServer, container
from tests.host.watch.test_memory import MEMINFO


def group(watched: WatchedServer, service: str, used: int) -> None:
    path = f"sys/fs/cgroup/docker/id-of-{service}"
    watched.file(f"{path}/memory.max", "1000\n")
    watched.file(f"{path}/memory.current", f"{used}\n")


def test_a_sample_of_a_server(watched: WatchedServer) -> None:
    watched.file("proc/meminfo", MEMINFO)
    watched.file("sys/fs/cgroup/cpu.max", "200000 100000\n")
    watched.containers(container("api"), container("api-beat", status="exited"))
    group(watched, "api", 300)
    watched.state.cpu_percent = 25.0
    found = used(watched.context())
    assert (found.cpu, found.memory, found.swap) == (0.5, 750 << 10, 300 << 10)
    assert found.containers == {"api": 300}
    assert found.disk is not None and found.disk > 0
    assert found.document()["containers"] == {"api": 300}


def test_swap_and_disk_of_a_container_are_not_its_own(watched: WatchedServer) -> None:
    watched.file("proc/meminfo", MEMINFO)
    watched.file("run/systemd/container", "docker\n")
    found = used(watched.context())
    assert (found.cpu, found.swap, found.disk) == (None, None, None)
