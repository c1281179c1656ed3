"""X-Forwarded-* headers count only if the peer is a trusted proxy."""

import pytest
from fastapi import Request

from rehearsal.images.authentik.standin.proxies import base, client

GATEWAY, OTHER = "172.24.0.1", "172.24.0.9"
FORWARDED = {
    "x-forwarded-for": "100.64.0.7",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "auth.fks.test",
}


def request(peer: str, headers: dict[str, str]) -> Request:
    """A request from a peer, to the container's own address."""
    named = {"host": "172.24.0.2:9000", **headers}
    raw = [(name.encode(), value.encode()) for name, value in named.items()]
    return Request({"type": "http", "client": (peer, 1234), "headers": raw})


@pytest.fixture(autouse=True)
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the gateway is trusted."""
    monkeypatch.setenv("AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS", f"{GATEWAY}/32")


def test_a_trusted_proxy_names_client_scheme_and_host() -> None:
    found = request(GATEWAY, FORWARDED)
    assert client(found) == "100.64.0.7"
    assert base(found) == "https://auth.fks.test"


def test_another_peer_names_nothing() -> None:
    found = request(OTHER, FORWARDED)
    assert client(found) == OTHER
    assert base(found) == "http://172.24.0.2:9000"


def test_without_headers_the_peer_is_the_client() -> None:
    found = request(GATEWAY, {})
    assert client(found) == GATEWAY
    assert base(found) == "http://172.24.0.2:9000"


def test_the_default_trusts_private_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS")
    assert base(request(OTHER, FORWARDED)) == "https://auth.fks.test"
    assert client(request("100.64.0.1", FORWARDED)) == "100.64.0.1"
