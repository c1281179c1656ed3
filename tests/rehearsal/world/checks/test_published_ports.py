"""Which sockets count as public."""

import pytest

from rehearsal.world.checks.published_ports import is_public, published


@pytest.mark.parametrize(
    "socket",
    ["127.0.0.1:8000", "[::1]:8000", "127.0.0.53%lo:53", "100.64.0.3:443", "0.0.0.0:22", "*:22"],
)
def test_loopback_tailnet_and_ssh_are_not_public(socket: str) -> None:
    assert not is_public(socket)


@pytest.mark.parametrize(
    "socket", ["0.0.0.0:443", "*:443", "[::]:80", "198.51.100.20:443", "100.63.255.255:443"]
)
def test_other_addresses_are_public(socket: str) -> None:
    assert is_public(socket)


def test_docker_publishes_on_the_address_before_the_arrow() -> None:
    assert published("127.0.0.1:8000->8000/tcp, 5432/tcp, 0.0.0.0:80->80/tcp") == [
        "127.0.0.1",
        "0.0.0.0",
    ]
