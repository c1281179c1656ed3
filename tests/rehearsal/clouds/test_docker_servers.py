"""One real server container: boot, cloud-init, limits, firewall, removal."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import docker
import pytest
from dnslib import DNSRecord
from docker.models.containers import Container
from docker.types import IPAMConfig, IPAMPool

from rehearsal.clouds.containers import ServerSettings, name
from rehearsal.clouds.docker_servers import DockerServers
from rehearsal.clouds.hypervisor import MachineSpec
from rehearsal.clouds.linode.firewall_rules import check
from rehearsal.clouds.linode.packet_filter import CLEAR, script
from rehearsal.clouds.server import listen
from rehearsal.world import images
from rehearsal.world.authority import Authority
from tests.rehearsal.clouds.client import KEY, rules
from tests.rehearsal.clouds.test_main import ROOT

pytestmark = pytest.mark.world

# Beside the world's own network, from the range for benchmarks (RFC 2544).
SUBNET, GATEWAY, ADDRESS = "198.18.77.0/24", "198.18.77.1", "198.18.77.16"
NETWORK, WORLD, NUMBER = "fks-test-servers", "test-servers", 9001
LABELS = {"fks.rehearsal": WORLD}
USER_DATA = b"""## template: jinja
#cloud-config
hostname: fks-web-{{ v1.instance_id }}
"""


@pytest.fixture
def client() -> docker.DockerClient:
    """This machine's Docker, which has the servers' image."""
    found = docker.from_env()
    images.ensure_base(found)
    images.build(found, images.server())
    return found


@pytest.fixture
def settings() -> ServerSettings:
    """The settings of servers in a network of their own."""
    image = images.server().tag
    return ServerSettings(image=image, world=WORLD, network=NETWORK, resolver=GATEWAY)


@pytest.fixture
def servers(client: docker.DockerClient, settings: ServerSettings) -> Iterator[DockerServers]:
    """Servers in a network of their own, removed after the test."""
    pool = IPAMPool(subnet=SUBNET, gateway=GATEWAY)
    network = client.networks.create(
        NETWORK, driver="bridge", ipam=IPAMConfig(pool_configs=[pool]), labels=LABELS
    )
    made = DockerServers(settings, client)
    yield made
    made.remove_unknown(set())
    made.close()
    network.remove()


def until(description: str, condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for a condition; fail with its description."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{description}: not within {seconds} s"
        time.sleep(0.2)


def inside(container: Container, *command: str) -> str:
    """The output of a command in the container."""
    output = container.exec_run(list(command)).output
    assert isinstance(output, bytes)
    return output.decode().strip()


def reaches_ssh() -> bool:
    """Whether SSH on the server's public address accepts a connection from this machine."""
    try:
        socket.create_connection((ADDRESS, 22), timeout=2).close()
    except OSError:
        return False
    return True


def test_a_server_boots_with_its_seed_limits_and_firewall_and_is_removed(
    client: docker.DockerClient, settings: ServerSettings, servers: DockerServers
) -> None:
    ended: list[int] = []
    servers.watch(ended.append)
    machine = MachineSpec(
        id=NUMBER,
        label="fks-test-web",
        address=ADDRESS,
        memory_mib=1024,
        vcpus=1,
        user_data=USER_DATA,
        authorized_keys=(KEY,),
    )
    servers.protect(NUMBER, script(ADDRESS, check(rules(inbound=[]))))
    servers.create(machine).result(timeout=60)
    assert not servers.is_running(NUMBER)
    servers.boot(NUMBER).result(timeout=60)
    assert servers.is_running(NUMBER)
    found = client.containers.get(name(settings, NUMBER))

    until("cloud-init ends", lambda: "status: done" in inside(found, "cloud-init", "status"))
    assert inside(found, "hostname") == f"fks-web-{NUMBER}"
    assert inside(found, "cat", "/root/.ssh/authorized_keys") == KEY
    assert ADDRESS in inside(found, "ip", "-4", "-brief", "address", "show", "eth0")
    limits = found.attrs["HostConfig"]
    assert (limits["Memory"], limits["CpuQuota"]) == (1024 * 1024**2, 100_000)
    # The container has its own cgroup root, so that its processes count against the plan.
    assert inside(found, "sh", "-c", "cat /proc/1/cgroup | cut -d: -f3 | grep -c docker") == "0"

    assert not reaches_ssh()
    servers.protect(NUMBER, CLEAR).result(timeout=60)
    until("ssh answers", reaches_ssh)

    servers.protect(NUMBER, script(ADDRESS, check(rules(inbound=[])))).result(timeout=60)
    servers.resize(NUMBER, 2048, 1).result(timeout=60)
    found.reload()
    assert found.attrs["HostConfig"]["Memory"] == 2048 * 1024**2

    found.exec_run(["systemctl", "reboot"])
    until("the watch reports its end", lambda: ended == [NUMBER])
    servers.boot(NUMBER).result(timeout=60)
    assert not reaches_ssh()
    until(
        "systemd runs again", lambda: inside(found, "systemctl", "is-system-running") == "running"
    )

    servers.delete(NUMBER).result(timeout=60)
    servers.delete(NUMBER).result(timeout=60)
    assert not servers.is_running(NUMBER)
    assert not client.volumes.list(filters={"name": name(settings, NUMBER)})


def test_serve_mode_answers_until_sigterm(
    client: docker.DockerClient, settings: ServerSettings, tmp_path: Path
) -> None:
    """On loopback, for a world without servers."""
    client.ping()
    authority = Authority(tmp_path / "ca")
    cert, key = authority.issue("cloud", ("api.linode.com",))
    with listen("127.0.0.1", 0) as one, listen("127.0.0.1", 0) as other:
        port, dns_port = one.getsockname()[1], other.getsockname()[1]
    options = {
        "--cert": cert,
        "--key": key,
        "--address": "127.0.0.1",
        "--port": port,
        "--dns-port": dns_port,
        "--image": settings.image,
        "--world": WORLD,
        "--state": tmp_path / "state.json",
    }
    arguments = [str(part) for pair in options.items() for part in pair]
    process = subprocess.Popen(
        [sys.executable, "-m", "rehearsal.clouds", "serve", *arguments], cwd=ROOT
    )
    try:
        until("it listens", lambda: process.poll() is not None or listens(port))
        question = DNSRecord.question("api.linode.com", "A")
        reply = DNSRecord.parse(question.send("127.0.0.1", dns_port, timeout=5))
        assert [str(row.rdata) for row in reply.rr] == ["198.51.100.2"]
        process.terminate()
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.wait(timeout=20)


def listens(port: int) -> bool:
    """Whether a port on loopback accepts connections."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
