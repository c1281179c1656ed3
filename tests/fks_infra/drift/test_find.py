from pathlib import Path

import pytest

from fks_infra.drift import clouds, servers
from fks_infra.drift.find import find
from fks_infra.remote.inventory import DeployedServer
from tests.fks_infra.drift.findings import GONE, RECORD, SYSCTL

SERVERS = [DeployedServer(name="api", roles=("api",), instance_id="7", address="100.64.0.2")]


@pytest.fixture(autouse=True)
def found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "read", lambda *_: iter([SYSCTL, GONE]))
    monkeypatch.setattr(clouds, "read", lambda _: ([RECORD], ["a note"]))


def test_servers_and_clouds_together() -> None:
    result = find("prod", SERVERS, Path("key"), clouds=True)
    assert result.places == ("api", "clouds")
    assert (result.deviations, result.unknown) == ((SYSCTL, RECORD), (GONE,))
    assert result.notes == ("a note",)


def test_without_the_clouds() -> None:
    result = find("prod", SERVERS, Path("key"), clouds=False)
    assert (result.places, result.deviations, result.notes) == (("api",), (SYSCTL,), ())
