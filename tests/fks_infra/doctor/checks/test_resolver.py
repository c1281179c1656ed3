"""The resolver of this machine."""

import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest

from fks_infra.doctor.checks.resolver import resolver
from fks_infra.doctor.findings import Verdict
from fks_infra.doctor.time_limits import TimeLimits
from fks_infra.remote.inventory import DeployedServer, Inventory
from tests.fks_infra.doctor.conftest import ZONE, MakeContext, problems, result, results

API = DeployedServer(
    name="api", roles=("auth", "api", "web"), instance_id="7", address="100.64.0.7"
)
DEPLOYED = Inventory(servers=(API,))


@pytest.fixture
def resolve(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make every name below the zone resolve to these addresses, or not at all."""
    real = socket.getaddrinfo

    def to(*addresses: str) -> None:
        def getaddrinfo(name: Any, *rest: Any, **more: Any) -> Any:
            if not str(name).endswith(ZONE):
                return real(name, *rest, **more)
            if not addresses:
                raise socket.gaierror(-2, "Name or service not known")
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 0)) for a in addresses]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    return to


def test_names_that_resolve_to_their_server_are_ok(
    context: MakeContext, resolve: Callable[..., None]
) -> None:
    resolve(API.address)
    assert (
        result(resolver, context(DEPLOYED)).detail
        == "4 of 4 names resolve to their server from here"
    )


@pytest.mark.parametrize(
    ("addresses", "detail", "remedy"),
    [
        ((), "rebind protection", f"rebind-domain-ok=/{ZONE}/"),
        ((API.address, "203.0.113.9"), "has 2 A records", f"of api.{ZONE} but {API.address}"),
        (("203.0.113.9",), "resolves to 203.0.113.9", "resolvectl flush-caches"),
    ],
)
def test_each_wrong_result_has_its_remedy(
    context: MakeContext,
    resolve: Callable[..., None],
    addresses: tuple[str, ...],
    detail: str,
    remedy: str,
) -> None:
    resolve(*addresses)
    found = problems(resolver, context(DEPLOYED))
    assert len(found) == 4
    assert detail in found[1].detail
    assert remedy in found[1].remedy


def test_a_resolver_that_hangs_is_unknown(
    context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: never.wait())
    found = results(resolver, context(DEPLOYED, limits=TimeLimits(call=0.1, check=5)))
    assert {item.verdict for item in found} == {Verdict.UNKNOWN}
    assert "did not answer within 0.1 s" in found[0].detail
    never.set()


def test_without_servers_nothing_is_resolved(context: MakeContext) -> None:
    assert result(resolver, context()).detail == "stack prod has no servers yet"
