"""The edge's connection to another server while the DNS changes or fails."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docker
import pytest
from docker.models.containers import Container

from rehearsal.world.authority import Authority
from tests.nginx.conftest import Edge, Mounts, start_beside, start_edge
from tests.nginx.rendered import ROLES, WEB, render

pytestmark = pytest.mark.world
# nginx asks again after 10 s.
FOLLOWS_SECONDS = 15
# A connection to the broadcast address fails without a packet.
UNUSED = "255.255.255.255"


@dataclass
class Peer:
    """An edge, and the name server that has the address of its peer, the API."""

    edge: Edge
    dns: Container
    answer: Path

    def resolves_to(self, answer: str, status: int) -> None:
        """Change the name server's answer; requests to the peer get this status in time."""
        self.answer.write_text(answer)
        self.edge.wait_for_status(WEB, "/api/x", status, FOLLOWS_SECONDS)

    def serves_while_the_name_server_answers(self, answer: str) -> None:
        """Requests to the peer succeed until nginx has asked three times."""
        self.answer.write_text(answer)
        deadline = time.monotonic() + 60
        while (asked := self.dns.logs().decode().split().count(answer)) < 3:
            assert self.edge.request(WEB, "/api/x").status == 200
            assert time.monotonic() < deadline, f"asked {asked} times in 60 s"
            time.sleep(0.2)


@pytest.fixture(scope="module")
def peer(
    client: docker.DockerClient,
    image: str,
    backend_image: str,
    mounts: Mounts,
    authority: Authority,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Peer]:
    """An edge that started while the name of its peer did not exist."""
    render(configuration := tmp_path_factory.mktemp("peer"), *ROLES)
    (answer := tmp_path_factory.mktemp("dns") / "answer").write_text("NXDOMAIN")
    edge = start_edge(client, image, configuration, mounts, authority)
    dns = start_beside(edge, client, backend_image, "dns.py", answer)
    backend = start_beside(edge, client, backend_image, "backend.py")
    try:
        edge.wait_until_healthy()
        yield Peer(edge, dns, answer)
    finally:
        for container in (backend, dns, edge.container):
            container.remove(force=True, v=True)


def test_a_name_that_does_not_exist_is_a_502_until_it_does(peer: Peer) -> None:
    assert peer.edge.request(WEB, "/api/x").status == 502
    peer.resolves_to("127.0.0.1", 200)


@pytest.mark.parametrize("answer", ["SERVFAIL", "SILENT"])
def test_the_last_address_is_used_while_the_name_server_fails(peer: Peer, answer: str) -> None:
    peer.resolves_to("127.0.0.1", 200)
    peer.serves_while_the_name_server_answers(answer)


def test_a_new_address_is_used_within_15_seconds(peer: Peer) -> None:
    peer.resolves_to(UNUSED, 502)
    peer.resolves_to("127.0.0.2", 200)
