"""The production image of the edge, running as on a server, with and without applications."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import pytest
from docker.models.containers import Container

from host.fks_deploy.peers import upstream
from rehearsal.world import images
from rehearsal.world.authority import Authority
from tests.nginx.rendered import API, NAMES, ROLES, render

Mounts = dict[str, dict[str, str]]
PEERS = {"bind": "/etc/fks/peers", "mode": "ro"}

HERE = Path(__file__).parent
LABELS = {"fks.test": "nginx"}
DEADLINE_SECONDS = 30


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; `json` is its body read as such."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


class Connection(http.client.HTTPSConnection):
    """To an address; verifies the certificate for a host name."""

    def __init__(self, host: str, address: str, authority: Authority) -> None:
        self._context = ssl.create_default_context(cafile=authority.certificate)
        super().__init__(host, 443, timeout=15, context=self._context)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)


@dataclass
class Edge:
    """A running edge."""

    container: Container
    address: str
    authority: Authority

    def request(self, host: str, path: str, method: str = "GET", **headers: str) -> Answer:
        """One request on its own connection; underscores in header names become dashes."""
        connection = self.connection(host)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers={"Host": host} | named)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def connection(self, host: str) -> Connection:
        """A connection that is not open yet, and verifies the certificate for `host`."""
        return Connection(host, self.address, self.authority)

    def log(self) -> str:
        """The container's log."""
        return str(self.container.logs().decode())

    def wait_until_healthy(self) -> None:
        """Wait until Docker reports it healthy; fails with the container's log."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while time.monotonic() < deadline:
            self.container.reload()
            if self.container.attrs["State"]["Health"]["Status"] == "healthy":
                return
            time.sleep(0.1)
        pytest.fail(f"the edge is not healthy after {DEADLINE_SECONDS} s:\n{self.log()}")


@pytest.fixture(scope="session")
def client() -> Iterator[docker.DockerClient]:
    """Docker."""
    client = docker.from_env()
    yield client
    client.close()


@pytest.fixture(scope="session")
def image(client: docker.DockerClient) -> str:
    """The production image."""
    images.ensure_base(client)
    (edge,) = [image for image in images.applications() if image.tag == "fks-rehearsal/nginx"]
    images.build(client, edge)
    return edge.tag


@pytest.fixture(scope="session")
def backend_image(client: docker.DockerClient, image: str) -> str:
    """An image with Python."""
    assert image
    (found,) = [image for image in images.applications() if image.tag == "fks-rehearsal/fks-api"]
    images.build(client, found)
    return found.tag


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The certificate authority of the edges' certificates, and the only one they trust."""
    authority = Authority(tmp_path_factory.mktemp("authority"))
    authority.ensure()
    return authority


@pytest.fixture(scope="session")
def mounts(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Mounts:
    """An edge's mounts without its configuration: certificates, trust store, itself as peer."""
    tls, trusted, peers = (tmp_path_factory.mktemp(name) for name in ("tls", "trusted", "peers"))
    (peers / "api.conf").write_text(upstream("api", API, ["127.0.0.1"]))
    for role, names in NAMES.items():
        certificate, key = authority.issue(role, names)
        file = tls / f"{role}.pem"
        file.write_bytes(key.read_bytes() + certificate.read_bytes())
        file.chmod(0o444)
    (trusted / "ca-certificates.crt").write_bytes(authority.certificate.read_bytes())
    for directory in (tls, trusted, peers):
        directory.chmod(0o755)
    return {
        str(peers): PEERS,
        str(tls): {"bind": "/etc/fks/tls", "mode": "ro"},
        str(trusted): {"bind": "/etc/ssl/certs", "mode": "ro"},
    }


def nginx_test_output(
    client: docker.DockerClient, image: str, configuration: Path, mounts: Mounts
) -> str:
    """What `nginx -t` prints about a rendered configuration."""
    volumes = {**mounts, str(configuration): {"bind": "/etc/fks/nginx", "mode": "ro"}}
    return client.containers.run(
        image,
        ["-t"],
        remove=True,
        stderr=True,
        labels=LABELS,
        read_only=True,
        tmpfs={"/run/nginx": "mode=1777"},
        volumes=volumes,
    ).decode()


def start_edge(
    client: docker.DockerClient,
    image: str,
    configuration: Path,
    mounts: Mounts,
    authority: Authority,
) -> Edge:
    """Run the edge with the settings of its compose file."""
    container = client.containers.run(
        image,
        detach=True,
        labels=LABELS,
        read_only=True,
        cap_drop=["ALL"],
        cap_add=["NET_BIND_SERVICE"],
        tmpfs={"/run/nginx": "mode=1777,size=16m", "/tmp": "mode=1777,size=1m"},
        volumes={**mounts, str(configuration): {"bind": "/etc/fks/nginx", "mode": "ro"}},
        healthcheck={
            "test": ["CMD", "edge-health"],
            "interval": 500_000_000,
            "timeout": 5_000_000_000,
        },
    )
    container.reload()
    networks = container.attrs["NetworkSettings"]["Networks"].values()
    return Edge(container, next(network["IPAddress"] for network in networks), authority)


@pytest.fixture(scope="module")
def edge_without_applications(
    client: docker.DockerClient,
    image: str,
    mounts: Mounts,
    authority: Authority,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Edge]:
    """An edge of all roles without applications and without a peer."""
    configuration, peers = tmp_path_factory.mktemp("alone"), tmp_path_factory.mktemp("peers")
    render(configuration, *ROLES)
    (peers / "api.conf").write_text(upstream("api", API, []))
    peers.chmod(0o755)
    mounts = {path: mount for path, mount in mounts.items() if mount != PEERS}
    mounts[str(peers)] = PEERS
    edge = start_edge(client, image, configuration, mounts, authority)
    try:
        edge.wait_until_healthy()
        yield edge
    finally:
        edge.container.remove(force=True, v=True)


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration directory of `edge`."""
    return tmp_path_factory.mktemp("edge")


@pytest.fixture(scope="module")
def edge(
    client: docker.DockerClient,
    image: str,
    backend_image: str,
    mounts: Mounts,
    authority: Authority,
    configuration: Path,
) -> Iterator[Edge]:
    """An edge of all roles with applications."""
    render(configuration, *ROLES)
    edge = start_edge(client, image, configuration, mounts, authority)
    backend = client.containers.run(
        backend_image,
        ["/backend.py"],
        entrypoint=["python"],
        detach=True,
        labels=LABELS,
        network_mode=f"container:{edge.container.id}",
        volumes={str(HERE / "backend.py"): {"bind": "/backend.py", "mode": "ro"}},
    )
    try:
        edge.wait_until_healthy()
        wait_for_backend(edge)
        yield edge
    finally:
        backend.remove(force=True, v=True)
        edge.container.remove(force=True, v=True)


def wait_for_backend(edge: Edge) -> None:
    """Wait until the applications answer through the edge."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while (answer := edge.request("api.fks.test", "/health/deep")).status != 200:
        if time.monotonic() > deadline:
            pytest.fail(f"no application answers after {DEADLINE_SECONDS} s: {answer.status}")
        time.sleep(0.1)
