"""`fks` on a server of three: each command, the limits, the nightly check for drift."""

from __future__ import annotations

import json
import shlex
import sys
import time
from typing import Any

import pytest

from rehearsal.world import docker_api as api
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario
from tests.world import containers
from tests.world.test_status import wait_until_healthy

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

SECONDS = 240
FLAG = "/var/lib/fks/drift.json"
FILE = "/etc/logrotate.d/fks"


def fks(scenario: Scenario, server: str, *words: str, code: int = 0) -> str:
    """What `fks` prints on both channels as the user deploy; it must end with this code."""
    text = f"cd /; runuser -u deploy -- fks {shlex.join(words)} 2>&1"
    found, output = api.execute(scenario.server(server), ["sh", "-c", text])
    assert found == code, output
    return output


def nightly(scenario: Scenario, server: str) -> dict[str, Any]:
    """Let the nightly check run now; its result."""
    scenario.on_server(server, "systemctl", "start", "fks-drift.service")
    return dict(json.loads(scenario.on_server(server, "cat", FLAG)))


def states(scenario: Scenario, server: str) -> set[str]:
    found = (containers.inspect(scenario, server, n) for n in containers.names(scenario, server))
    return {one["State"]["Status"] for one in found}


@pytest.mark.parametrize("name", ["auth", "api", "web"])
def test_status_is_that_of_this_server(servers: Scenario, name: str) -> None:
    containers.watch(servers, name)
    wait_until_healthy(servers)
    seconds = []
    for _ in range(3):
        started = time.monotonic()
        text = fks(servers, name, "status", "--json", code=0)
        seconds.append(time.monotonic() - started)
    sys.stderr.write(f"fks status on {name} took {', '.join(f'{s:.2f}' for s in seconds)} s\n")
    document = json.loads(text)
    assert (document["stack"], list(document["servers"])) == ("", [name])
    assert document["servers"][name]["release"]["digest"]
    assert "this server, " in fks(servers, name, "status")


def test_no_command_needs_another_machine(servers: Scenario) -> None:
    text = servers.on_server(
        "api", "sh", "-c", "cat /usr/local/lib/fks/current/fks_infra/errors.py"
    )
    assert "OperatorError" in text
    code, _ = api.execute(servers.server("api"), ["python3", "-c", "import pulumi"])
    assert code != 0


def test_reading_commands(servers: Scenario) -> None:
    assert "api/api" in fks(servers, "api", "logs", "--since", "1h")
    assert "api/unit:ssh" in fks(servers, "api", "logs", "--units", "--since", "1h")
    assert "read_only" in fks(
        servers, "api", "psql", "api", "--", "-c", "SHOW default_transaction_read_only"
    )
    assert fks(servers, "api", "redis", "cache", "--", "PING").strip() == "PONG"
    assert "worker@" in fks(servers, "api", "celery")
    assert fks(servers, "api", "exec", "api", "--", "python", "--version").startswith("Python 3")
    assert fks(servers, "api", "exec", "server:api", "--", "id", "-un").strip() == "deploy"
    fks(servers, "api", "exec", "api", "--", "sh", "-c", "exit 7", code=7)
    assert "deploy: release" in fks(servers, "api", "history")
    assert ", in service" in fks(servers, "api", "releases")


def test_what_is_not_on_this_server_is_named(servers: Scenario) -> None:
    text = fks(servers, "web", "psql", "api", code=255)
    assert "this server (web) has neither a server nor a service 'api-postgres'" in text
    assert "this server (web) has no server 'api'" in fks(servers, "web", "status", "api", code=2)


@pytest.mark.parametrize("command", ["deploy", "rollback", "lock", "doctor", "nosuch"])
def test_a_command_of_the_stack_says_where_it_runs(servers: Scenario, command: str) -> None:
    text = fks(servers, "api", command, code=2)
    assert f"Next, on the operator's machine: fks {command}" in text
    assert "celery, drift, exec" in text


def test_a_stack_is_not_known_here(servers: Scenario) -> None:
    for words in (
        ["status", "--stack", "prod"],
        ["start", "--remote"],
        ["stop", "--stack", "prod"],
    ):
        assert "neither Pulumi nor" in fks(servers, "api", *words, code=2)


def test_maintenance(servers: Scenario) -> None:
    assert "maintenance is on since" in fks(servers, "web", "maintenance", "on")
    document = json.loads(fks(servers, "web", "status", "--json"))
    (warning,) = [one for one in document["warnings"] if "maintenance" in one["text"]]
    assert warning["command"] == "fks maintenance off"
    assert "maintenance is off; it was on" in fks(servers, "web", "maintenance", "off")


@pytest.mark.parametrize(
    ("server", "options"),
    [
        ("web", ["--web"]),
        ("web", ["--multi"]),
        ("auth", ["--auth"]),
        ("auth", []),
        ("api", ["--api"]),
    ],
)
def test_stop_and_start(servers: Scenario, server: str, options: list[str]) -> None:
    stop = fks(servers, server, "stop", *options, "--reason", "new disk")
    assert stop.splitlines()[-1] == f"{server}: stopped"
    assert states(servers, server) == {"exited"}
    assert "is stopped since" in fks(servers, server, "stop", "--status")
    assert f"stopped: {server}" in fks(servers, server, "status")
    start = fks(servers, server, "start", *options)
    assert start.splitlines()[-1] == f"{server}: started"
    wait_until("all services answer", servers.unhealthy, SECONDS)


def test_force_stops_at_once(servers: Scenario) -> None:
    fks(servers, "api", "stop", "--force")
    assert states(servers, "api") == {"exited"}
    fks(servers, "api", "start")
    wait_until("all services answer", servers.unhealthy, SECONDS)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["start", "--single"], "this server is of a stack with fks:mode multi"),
        (["start", "--web"], "this server (api) has no role web"),
        (["start", "--gpu"], "these servers have no GPU worker"),
        (["start", "--minimal"], "which a server does not know"),
        (["stop", "--multi", "--api"], "leave out --multi or --api"),
        (["stop", "--cleanup-all"], "add --yes api"),
        (["stop", "--cleanup-all", "--yes", "web"], "the servers are api"),
    ],
)
def test_options_that_do_not_fit_change_nothing(
    servers: Scenario, words: list[str], text: str
) -> None:
    assert text in fks(servers, "api", *words, code=2)
    assert servers.unhealthy() is None


@pytest.mark.parametrize("server", ["auth", "api", "web"])
def test_the_nightly_check_finds_nothing_on_a_healthy_server(
    servers: Scenario, server: str
) -> None:
    flag = nightly(servers, server)
    assert (flag["first"], flag["reasons"]) == ([], [])
    assert (flag["deviations"], flag["unknown"]) == (0, 0)
    timer = servers.on_server(server, "systemctl", "is-active", "fks-drift.timer")
    assert timer.strip() == "active"
    assert "no drift: " in fks(servers, server, "drift")


def test_the_flag_is_set_after_a_change_by_hand_and_cleared_by_the_repair(
    servers: Scenario,
) -> None:
    servers.on_server("auth", "sh", "-c", f"echo '# x' >>{FILE}")
    assert nightly(servers, "auth")["first"] == [f"file {FILE}"]
    document = json.loads(servers.operator.stdout(["fks", "status", "--json"]))
    (warning,) = [one for one in document["warnings"] if "drift, checked" in one["text"]]
    assert (warning["server"], warning["command"]) == ("auth", "fks drift")
    assert f"file {FILE}" in fks(servers, "auth", "drift", code=1)
    repaired = fks(servers, "auth", "repair", "--yes")
    assert "no drift: auth" in repaired.splitlines()[-1]
    document = json.loads(fks(servers, "auth", "status", "--json"))
    assert document["servers"]["auth"]["drift"]["deviations"] == 0
    assert not [one for one in document["warnings"] if "drift" in one["text"]]


def test_the_command_itself_is_compared(servers: Scenario) -> None:
    servers.on_server("web", "ln", "-sfn", "/bin/true", "/usr/local/bin/fks")
    assert nightly(servers, "web")["first"] == ["link /usr/local/bin/fks"]
    text = servers.operator.stdout(["fks", "repair", "web", "--yes", "--no-clouds"])
    assert "no drift: web" in text
    assert fks(servers, "web", "history")


def test_a_day_of_usage_is_kept(servers: Scenario) -> None:
    containers.watch(servers, "api")
    text = servers.on_server("api", "/usr/local/lib/fks/current/bin/status", "--day")
    day = json.loads(text)["day"]
    assert day["samples"] and all(len(sample) == 4 for sample in day["samples"])
    assert [one["result"] for one in day["deploys"]] == ["ok"]
    assert day["peers"]
    sys.stderr.write(f"{len(text)} bytes, {day['samples'][-1]}, peers {day['peers']}\n")
