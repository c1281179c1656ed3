from typing import Any

import pytest

from fks_infra.operate import stack_state
from fks_infra.operate.stack_choice import targets
from fks_infra.operate.unreachable import Unreachable
from tests.fks_infra.operate.stack_hosts import STOP, Servers, multi, state

STOPPED = "api is stopped since 2026-11-27T10:00:00Z by ann@laptop (new disk)"


def read(servers: Servers) -> stack_state.States:
    return stack_state.read(targets(servers.fleet(), (), "", callers_first=False))


def test_one_login_for_each_server() -> None:
    servers = multi()
    assert read(servers)["api"] == state("api")
    assert sorted(servers.calls) == [("api", "state"), ("auth", "state"), ("web", "state")]


def test_a_server_that_is_not_reached_and_the_others() -> None:
    servers = multi()
    servers.fails("web", "state", 255, "ssh: connect to host 100.64.0.2 port 22: timed out")
    found = read(servers)
    assert found["web"] == Unreachable(
        reason="SSH to 100.64.0.2: timed out", command="tailscale status; fks doctor --stack prod"
    )
    assert found["auth"] == state("auth")
    document = stack_state.document("prod", found)
    assert document["servers"]["web"]["reason"] == "SSH to 100.64.0.2: timed out"


def test_host_scripts_of_an_older_version() -> None:
    servers = multi()
    servers.fails(
        "api", "state", 1, "sudo: /usr/local/lib/fks/current/bin/stack: command not found"
    )
    found = read(servers)["api"]
    assert isinstance(found, Unreachable)
    assert found.command == "pulumi up --stack prod"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["1 of 1 containers run"]),
        ({"release": None, "containers": []}, ["nothing is deployed"]),
        (
            {"containers": [{"service": "api", "state": "running", "health": "unhealthy"}]},
            ["1 of 1 containers run, not healthy: api"],
        ),
        ({"stopped": {"api": STOP}, "containers": []}, [STOPPED]),
        ({"stopped": {"api": STOP}}, [STOPPED, "still running: api"]),
    ],
)
def test_what_runs_in_words(changes: dict[str, Any], expected: list[str]) -> None:
    assert stack_state.sentences(state("api", **changes)) == expected
