"""Caches of rows are empty when the rows are exchanged."""

import json
from types import SimpleNamespace
from typing import Any, cast

import pytest

from host.fks_deploy.compose import Compose
from host.fks_deploy.errors import DeployError
from host.fks_deploy.restore import caches
from tests.host.restore.conftest import SET
from tests.host.watch.server import WatchedServer


def compose(watched: WatchedServer, *services: tuple[str, str]) -> Compose:
    found: list[dict[str, Any]] = [
        {
            "Id": f"id-of-{name}",
            "State": {"Status": status},
            "Config": {"Labels": {"com.docker.compose.service": name}},
        }
        for name, status in services
    ]
    watched.answer("docker ps", " ".join(one["Id"] for one in found))
    watched.answer("docker inspect", json.dumps(found))
    release = SimpleNamespace(project="fks")
    return cast(Compose, SimpleNamespace(shell=watched.shell, release=release))


def test_those_that_run_are_emptied(watched: WatchedServer) -> None:
    watched.answer("docker exec", "OK\n")
    caches.empty(compose(watched, ("api", "running"), ("api-cache", "running")), SET)
    (call,) = (one for one in watched.shell.calls if "exec" in one)
    assert (call[2], call[-1]) == ("id-of-api-cache", "FLUSHALL")


def test_one_that_does_not_run_starts_empty(watched: WatchedServer) -> None:
    caches.empty(compose(watched, ("api-cache", "exited")), SET)
    assert not any("exec" in one for one in watched.shell.calls)


def test_an_answer_that_is_an_error(watched: WatchedServer) -> None:
    watched.answer("docker exec", "NOAUTH Authentication required.\n")
    with pytest.raises(DeployError, match="api-cache was not emptied: NOAUTH"):
        caches.empty(compose(watched, ("api-cache", "running")), SET)
