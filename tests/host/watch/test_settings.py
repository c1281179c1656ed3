import json
from typing import Any

import pytest

from host.fks_deploy import stops
from host.fks_deploy.errors import DeployError
from host.fks_deploy.probe import Probe
from host.fks_deploy.watch import settings
from tests.host.watch.server import WatchedServer

PROBE = {"name": "api", "host": "api.example.org", "path": "/health/deep", "expect": {}}
RELEASE: dict[str, Any] = {
    "project": "fks",
    "certificates": [{"name": "web", "domains": ["example.org"]}],
    "probes": [PROBE],
    "watch": {"cpu": 40, "memory": 60, "probes": [{**PROBE, "name": "auth"}]},
}


def test_thresholds_and_probes_of_the_release_in_service(watched: WatchedServer) -> None:
    watched.file("opt/fks/current/release.json", json.dumps(RELEASE))
    found = settings.load(watched.paths)
    assert found is not None
    assert (found.cpu, found.memory, found.project) == (40, 60, "fks")
    assert found.certificates == ("web",)
    assert found.own == (Probe("api", "api.example.org", "/health/deep"),)
    assert [probe.name for probe in found.peers] == ["auth"]


def test_before_the_first_deploy_there_are_none(watched: WatchedServer) -> None:
    assert settings.load(watched.paths) is None


def test_an_older_release_is_an_error_with_the_remedy(watched: WatchedServer) -> None:
    watched.file("opt/fks/current/release.json", json.dumps({**RELEASE, "watch": None}))
    document = {key: value for key, value in RELEASE.items() if key != "watch"}
    watched.file("opt/fks/current/release.json", json.dumps(document))
    with pytest.raises(DeployError, match="lacks the key 'watch': run pulumi up"):
        settings.load(watched.paths)


def test_a_stopped_server_probes_nothing(watched: WatchedServer) -> None:
    stops.mark(watched.paths, ["api"], stops.Stop("2026-11-27T10:00:00Z", "ann"))
    watched.file("opt/fks/current/release.json", json.dumps({**RELEASE, "roles": ["api"]}))
    found = settings.load(watched.paths)
    assert found is not None
    assert (found.own, found.peers) == ((), ())
    assert found.is_stopped("edge")


def test_a_stopped_stack_of_several_is_not_probed(watched: WatchedServer) -> None:
    stops.mark(watched.paths, ["api"], stops.Stop("2026-11-27T10:00:00Z", "ann"))
    other = {**PROBE, "name": "web", "host": "example.org"}
    more = {
        "roles": ["api", "web"],
        "domains": {"api": "api.example.org"},
        "probes": [PROBE, other],
    }
    watched.file("opt/fks/current/release.json", json.dumps({**RELEASE, **more}))
    found = settings.load(watched.paths)
    assert found is not None
    assert [probe.name for probe in found.own] == ["web"]
    assert [probe.name for probe in found.peers] == ["auth"]
