"""The edge, running as on a server, with and without applications."""

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

from host.fks_deploy.served_builds import MOUNT
from rehearsal.world import images
from rehearsal.world.authority import Authority
from tests.nginx.builds import BUILDS, write_build
from tests.nginx.rendered import API, NAMES, ROLES, WEB, render

Mounts = dict[str, dict[str, str]]

HERE = Path(__file__).parent
CONFIGURATION = "/etc/fks/nginx"
NGINX = ["nginx", "-c", f"{CONFIGURATION}/nginx.conf"]
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

    def wait_for_status(
        self, host: str, path: str, status: int, seconds: float = DEADLINE_SECONDS
    ) -> Answer:
        """Repeat a request until it has this status; fails after `seconds`."""
        deadline = time.monotonic() + seconds
        while (answer := self.request(host, path)).status != status:
            if time.monotonic() > deadline:
                pytest.fail(f"https://{host}{path} is {answer.status} after {seconds} s")
            time.sleep(0.1)
        return answer

    def log(self, *answers: Answer) -> str:
        """The container's log, once it has the lines of these answers; nginx writes each second."""
        missing = {answer.headers["X-Request-ID"] for answer in answers}
        deadline = time.monotonic() + DEADLINE_SECONDS
        while True:
            log = str(self.container.logs().decode())
            if missing := {one for one in missing if one not in log}:
                if time.monotonic() > deadline:
                    pytest.fail(f"the log lacks the requests {missing}:\n{log}")
                time.sleep(0.1)
            else:
                return log

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
    """The stand-in for the official nginx image."""
    images.ensure_base(client)
    (edge,) = [image for image in images.applications() if image.tag == "fks-rehearsal/nginx"]
    images.build(client, edge)
    return edge.tag


@pytest.fixture(scope="session")
def backend_image(client: docker.DockerClient, image: str) -> str:
    """An image with Python."""
    assert image
    (found,) = [image for image in images.applications() if image.tag == "fks-rehearsal/fks-api"]
    for one in (images.python(), found):
        images.build(client, one)
    return found.tag


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The certificate authority of the edges' certificates, and the only one they trust."""
    authority = Authority(tmp_path_factory.mktemp("authority"))
    authority.ensure()
    return authority


@pytest.fixture(scope="session")
def mounts(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Mounts:
    """An edge's mounts without its configuration: certificates, trust store, static builds."""
    tls, trusted = (tmp_path_factory.mktemp(name) for name in ("tls", "trusted"))
    for role, names in NAMES.items():
        certificate, key = authority.issue(role, names)
        file = tls / f"{role}.pem"
        file.write_bytes(key.read_bytes() + certificate.read_bytes())
        file.chmod(0o444)
    (trusted / "ca-certificates.crt").write_bytes(authority.certificate.read_bytes())
    web = tmp_path_factory.mktemp("web")
    for build, files in BUILDS.items():
        write_build(web / build, files)
    for directory in (tls, trusted, web):
        directory.chmod(0o755)
    return {
        str(tls): {"bind": "/etc/fks/tls", "mode": "ro"},
        str(trusted): {"bind": "/etc/ssl/certs", "mode": "ro"},
        str(web): {"bind": MOUNT, "mode": "ro"},
    }


def nginx_test_output(
    client: docker.DockerClient, image: str, configuration: Path, mounts: Mounts
) -> str:
    """What `nginx -t` prints about a rendered configuration."""
    volumes = {**mounts, str(configuration): {"bind": CONFIGURATION, "mode": "ro"}}
    return client.containers.run(
        image,
        [*NGINX, "-t"],
        user="101:101",
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
    **options: Any,
) -> Edge:
    """Run the edge with the settings of its compose file, and further options of Docker."""
    container = client.containers.run(
        image,
        [*NGINX, "-g", "daemon off;"],
        detach=True,
        labels=LABELS,
        user="101:101",
        read_only=True,
        cap_drop=["ALL"],
        security_opt=["no-new-privileges:true"],
        tmpfs={"/run/nginx": "mode=1777,size=16m", "/tmp": "mode=1777,size=1m"},
        volumes={**mounts, str(configuration): {"bind": CONFIGURATION, "mode": "ro"}},
        healthcheck={
            "test": ["CMD", "/bin/sh", f"{CONFIGURATION}/edge-health"],
            "interval": 500_000_000,
            "timeout": 5_000_000_000,
        },
        **options,
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
    """An edge of all roles without applications and without a name server."""
    configuration = tmp_path_factory.mktemp("alone")
    render(configuration, *ROLES)
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
def deep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the host writes for /health/deep: all parts of the API are healthy."""
    directory = tmp_path_factory.mktemp("deep")
    (directory / "healthy").mkdir()
    for file in (directory / "api.json", directory / "healthy/api.json"):
        file.write_text('{"status": "healthy", "role": "api"}')
        file.chmod(0o644)
    for folder in (directory, directory / "healthy"):
        folder.chmod(0o755)
    return directory


@pytest.fixture(scope="module")
def edge(
    client: docker.DockerClient,
    image: str,
    backend_image: str,
    mounts: Mounts,
    authority: Authority,
    configuration: Path,
    deep: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Edge]:
    """An edge of all roles with applications."""
    render(configuration, *ROLES)
    mounts = {**mounts, str(deep): {"bind": "/srv/fks/deep", "mode": "ro"}}
    edge = start_edge(client, image, configuration, mounts, authority)
    (answers := tmp_path_factory.mktemp("dns") / "answer").write_text("127.0.0.1")
    helpers = [
        start_beside(edge, client, backend_image, "backend.py"),
        start_beside(edge, client, backend_image, "dns.py", answers),
    ]
    try:
        edge.wait_until_healthy()
        edge.wait_for_status(API, "/x", 200)
        edge.wait_for_status(WEB, "/api/x", 200)
        yield edge
    finally:
        for container in (*helpers, edge.container):
            container.remove(force=True, v=True)


def start_beside(
    edge: Edge, client: docker.DockerClient, image: str, script: str, *files: Path
) -> Container:
    """Run a script of this directory, with these files as its arguments, in the edge's network."""
    mounted = [HERE / script, *(file.parent for file in files)]
    return client.containers.run(
        image,
        [f"/{script}", *(f"/{file.parent.name}/{file.name}" for file in files)],
        entrypoint=["python"],
        user="0:0",
        detach=True,
        labels=LABELS,
        network_mode=f"container:{edge.container.id}",
        volumes={str(path): {"bind": f"/{path.name}", "mode": "ro"} for path in mounted},
    )
