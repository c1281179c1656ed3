"""What happens to each server."""

from copy import deepcopy
from typing import Any

import pytest

from fks_infra.impact.inventory import inventory
from fks_infra.impact.server_changes import server_impacts


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return inventory("prod")


@pytest.fixture
def head(document: dict[str, Any]) -> dict[str, Any]:
    return deepcopy(document)


def parts(base: dict[str, Any], head: dict[str, Any], server: str) -> dict[str, str]:
    """Part to detail, of the effects on a server."""
    return {one.part: one.detail for one in server_impacts(base, head)[server].effects}


def test_nothing_happens_to_the_same(document: dict[str, Any], head: dict[str, Any]) -> None:
    found = server_impacts(document, head)
    assert all(one.effects == () for one in found.values())
    assert found["web"].unchanged == ("edge", "web")


def test_the_deploy_request_deploys_and_replaces_nothing(
    document: dict[str, Any], head: dict[str, Any]
) -> None:
    head["request"] = "other"
    found = parts(document, head, "api")
    assert list(found) == ["release", "edge"]
    assert found["release"] == "secrets or registries of the deploy request"


@pytest.mark.parametrize(
    ("settings", "deployed"),
    [
        ({"backup": {"bucket": "us-ord/fks-prod-backup"}}, ["auth", "api"]),
        ({"backup": {"repository": "/mnt/disk/fks"}}, ["auth", "api"]),
        ({"rotation": {"backup-key": 1}}, ["auth", "api"]),
        ({"backup": {"pitr": False}}, []),
    ],
)
def test_another_repository_deploys_the_servers_with_data(
    document: dict[str, Any],
    head: dict[str, Any],
    settings: dict[str, Any],
    deployed: list[str],
) -> None:
    head["settings"] |= settings
    found = [name for name in head["servers"] if parts(document, head, name)]
    assert found == deployed
    if deployed:
        assert parts(document, head, "api")["release"] == "the repository for backups"


def test_another_connection_runs_the_scripts_and_the_deploy(
    document: dict[str, Any], head: dict[str, Any]
) -> None:
    head["connection"] = "other"
    assert list(parts(document, head, "web")) == ["bootstrap", "release", "edge"]


def test_many_files_are_counted(document: dict[str, Any], head: dict[str, Any]) -> None:
    nginx = head["servers"]["web"]["files"]["nginx"]
    for name in list(nginx)[:4]:
        nginx[name] = "other"
    assert parts(document, head, "web")["release"] == "4 nginx files"


def test_a_rebuilt_peer_matters_only_where_a_release_is_deployed(
    document: dict[str, Any], head: dict[str, Any]
) -> None:
    head["servers"]["auth"]["machine"]["generation"] = 1
    assert parts(document, head, "api") == {}
    head["request"] = "other"
    found = parts(document, head, "api")
    assert found["api-worker"] == "perhaps the new address of auth"
    assert "api-postgres" not in found


def test_a_removed_service_stops(document: dict[str, Any], head: dict[str, Any]) -> None:
    del head["servers"]["api"]["services"]["api-beat"]
    head["servers"]["api"]["files"]["compose"]["compose/api/compose.yaml"] = "other"
    found = server_impacts(document, head)["api"]
    removed = next(one for one in found.effects if one.part == "api-beat")
    assert (removed.action, removed.notices) == (
        "removed",
        "nobody directly: scheduled tasks are sent late",
    )
    assert "api-beat" not in found.unchanged
