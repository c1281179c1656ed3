"""Containers that cannot be used are replaced by the next deploy, with the stand-in docker."""

from typing import Any

import pytest

from tests.host.deploys import current
from tests.host.server import API, EDGE, Server, image


@pytest.fixture
def first(server: Server) -> str:
    """The digest of the release in service."""
    digest = server.upload()
    assert server.deploy(digest).returncode == 0
    return digest


def change_container(server: Server, **parts: Any) -> None:
    """Change the container of the service `api`, as by hand."""
    containers = server.state["containers"]
    containers["api"] |= parts
    server.change(containers=containers)


def half_made(server: Server, **parts: Any) -> dict[str, Any]:
    """A container as Compose creates it to replace that of the service `api`."""
    one = {**server.state["containers"]["api"], "id": "half", "name": "0123456789ab_fks-api-1"}
    return {**one, "status": "created", **parts}


@pytest.mark.parametrize("status", ["created", "dead", "removing", "running"])
def test_a_half_made_container_is_removed(server: Server, first: str, status: str) -> None:
    server.change(half_made=[half_made(server, status=status)])
    done = server.deploy(server.upload(IMAGE_REFRESH_API="2"))
    assert done.returncode == 0, done.stderr
    assert current(server) != first
    assert "unusable ones removed: 0123456789ab_fks-api-1" in done.stdout
    assert server.state["half_made"] == []


def test_a_container_that_never_ran_is_created_again(server: Server, first: str) -> None:
    change_container(server, status="created", id="half")
    assert server.deploy(first).returncode == 0
    api = server.state["containers"]["api"]
    assert (api["status"], api["id"] == "half") == ("running", False)


@pytest.mark.parametrize("status", ["running", "exited"])
def test_a_container_whose_network_was_removed_is_created_again(
    server: Server, first: str, status: str
) -> None:
    change_container(server, status=status)
    server.change(network="network-2")
    assert server.deploy(first).returncode == 0
    assert {one["network"] for one in server.state["containers"].values()} == {"network-2"}


@pytest.mark.parametrize(
    "parts",
    [{"status": "paused"}, {"status": "exited"}, {"health": "unhealthy"}, {"name": "renamed"}],
)
def test_a_container_that_can_be_used_is_not_replaced(
    server: Server, first: str, parts: dict[str, str]
) -> None:
    before = server.state["containers"]["api"]["id"]
    change_container(server, **parts)
    assert server.deploy(first).returncode == 0
    api = server.state["containers"]["api"]
    assert (api["status"], api["name"], api["id"]) == ("running", "fks-api-1", before)


def test_the_container_of_a_service_that_the_release_no_longer_enables_is_removed(
    server: Server, first: str
) -> None:
    disabled = {**server.state["containers"]["api"], "id": "old", "name": "fks-market-data-1"}
    server.change(half_made=[{**disabled, "service": "market-data"}])
    done = server.deploy(first)
    assert done.returncode == 0, done.stderr
    assert "disabled ones removed: fks-market-data-1" in done.stdout
    assert server.state["half_made"] == []


def test_a_container_of_docker_compose_run_stays(server: Server, first: str) -> None:
    server.change(half_made=[half_made(server, one_off=True, service="other")])
    assert server.deploy(first).returncode == 0
    assert len(server.state["half_made"]) == 1


@pytest.mark.parametrize("restarts", [1, 3])
def test_the_engine_restarts_during_up_and_during_the_rollback(
    server: Server, first: str, restarts: int
) -> None:
    server.change(restarts=restarts, registry={API: image(7), EDGE: image(2)})
    done = server.deploy(server.upload(IMAGE_REFRESH_API="2"))
    assert done.returncode == 1
    assert "docker compose up exited with 1: error during connect: EOF" in done.stderr
    assert done.stdout.count("the rollback is tried again: ") == restarts - 1
    assert server.journal()[-1]["rollback"]["result"] == "ok"
    assert (current(server), server.state["half_made"]) == (first, [])
    assert server.state["containers"]["api"]["image"] == image(1)["id"]


def test_a_rollback_ends_after_three_tries(server: Server, first: str) -> None:
    server.change(restarts=9, registry={API: image(7), EDGE: image(2)})
    done = server.deploy(server.upload(IMAGE_REFRESH_API="2"))
    assert f"rollback to release {first[:12]} FAILED: docker compose up exited" in done.stdout
    assert server.state["restarts"] == 9 - 4


def test_a_rollback_ends_when_the_engine_does_not_come_back(server: Server, first: str) -> None:
    server.change(restarts=1, down_after_restart=10**6, registry={API: image(7), EDGE: image(2)})
    done = server.deploy(server.upload(IMAGE_REFRESH_API="2"), "--healthy-wait=2")
    assert f"rollback to release {first[:12]} FAILED: the Docker engine did not" in done.stdout
    assert "see `journalctl -u docker`" in done.stdout
