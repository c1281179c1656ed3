"""`fks status` of three servers: healthy, with a stopped container, with a server that is off."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

import pytest

from fks_infra.topology.thresholds import thresholds
from rehearsal.game_day.cloud_causes import shut_down
from rehearsal.game_day.server_causes import without_engine
from rehearsal.world.operator import RUN
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario
from tests.world import containers

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

SERVERS = ("auth", "api", "web")
PROGRAM = "/usr/local/lib/fks/current/bin/status"


def status(scenario: Scenario, *servers: str) -> dict[str, Any]:
    """The document of `fks status`, whose exit code it has."""
    del scenario
    command = [*RUN, "fks", "status", *servers, "--json"]
    stdin = subprocess.DEVNULL
    done = subprocess.run(command, stdin=stdin, stdout=subprocess.PIPE, text=True, check=False)
    document = dict(json.loads(done.stdout))
    # Of the same call: what the watch finds changes from one to the next.
    assert done.returncode == document["exit_code"]
    return document


def problems(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Server and text of each problem, without the disk: it is that of the machine."""
    found = [(one["server"], one["text"]) for one in document["problems"]]
    return [(server, text) for server, text in found if not text.startswith("disk ")]


def wait_until_healthy(scenario: Scenario) -> None:
    """A report has what the last run of the watch found on other servers, up to a minute ago."""

    def healthy() -> str | None:
        return "; ".join(f"{name}: {text}" for name, text in problems(status(scenario))) or None

    wait_until("no problem is left", healthy, 150)


def test_three_healthy_servers_with_one_login_each(servers: Scenario) -> None:
    for name in SERVERS:
        containers.watch(servers, name)
    wait_until_healthy(servers)
    seconds = []
    for _ in range(3):
        with servers.counted() as cost:
            started = time.monotonic()
            text = servers.operator.stdout(["fks", "status", "--json"])
            seconds.append(time.monotonic() - started)
    document = json.loads(text)
    sys.stderr.write(f"fks status took {', '.join(f'{s:.2f}' for s in seconds)} s\n")
    assert cost[0].ssh_connections == len(SERVERS)
    assert list(document["servers"]) == [row["name"] for row in servers.operator.servers()]
    assert problems(document) == []
    assert document["exit_code"] == (1 if document["problems"] else 0)


@pytest.mark.parametrize("name", SERVERS)
def test_the_report_is_what_is_on_the_server(servers: Scenario, name: str) -> None:
    report = status(servers, name)["servers"][name]
    assert (report["server"], report["roles"]) == (name, [name])
    current = servers.on_server(name, "readlink", "/opt/fks/current").strip()
    assert report["release"]["digest"] == current.removeprefix("releases/")
    journal = [json.loads(line) for line in servers.deploy_journal(name)]
    assert report["last_deploy"]["time"] == journal[-1]["time"]
    assert report["deploy"] is None
    assert list(report["certificates"]) == [name]
    assert (report["clock"], report["failed_units"], report["reboot"]) == (None, [], [])
    assert (report["backup"] is None) == (name == "web")
    assert {one["healthy"] for one in report["health"]} == {True}
    assert [one["url"].rsplit("/", 1)[1] for one in report["health"]][:2] == ["health", "deep"]


def wait_until_measured(scenario: Scenario, name: str) -> None:
    """Wait until two runs of the watch have measured the CPU."""

    def measured() -> str | None:
        report = status(scenario, name)["servers"][name]
        found = [one["name"] for one in report["usage"]]
        return None if "CPU" in found else f"only {', '.join(found)}"

    wait_until(f"the CPU of {name} is measured", measured, 200)


@pytest.mark.parametrize("name", SERVERS)
def test_containers_and_usage_have_the_limits_of_the_plan(servers: Scenario, name: str) -> None:
    wait_until_measured(servers, name)
    report = status(servers, name)["servers"][name]
    limits = {
        found["Config"]["Labels"]["com.docker.compose.service"]: found["HostConfig"]["Memory"]
        for found in (
            containers.inspect(servers, name, one) for one in containers.names(servers, name)
        )
    }
    assert {one["service"]: one["memory_limit"] for one in report["containers"]} == limits
    assert all(0 < one["memory"] <= one["memory_limit"] for one in report["containers"])
    assert {one["state"] for one in report["containers"]} == {"running"}
    expected, found = thresholds([name]), {one["name"]: one for one in report["usage"]}
    assert found["memory"]["limits"] == [expected.memory]
    assert found["CPU"]["limits"] == [expected.cpu]
    # Those of the machine are not the server's.
    assert not {"swap", "load"} & set(found)


def test_it_ends_within_seconds_on_the_server(servers: Scenario) -> None:
    started = time.monotonic()
    servers.on_server("api", PROGRAM)
    sys.stderr.write(f"bin/status took {time.monotonic() - started:.2f} s\n")
    user = servers.on_server("api", "sh", "-c", f"runuser -u deploy {PROGRAM} 2>&1 || true")
    assert user == "status: run it with sudo\n"


def test_a_container_that_was_stopped_is_named(servers: Scenario) -> None:
    servers.on_server("api", "docker", "stop", "fks-api-beat-1")
    try:
        document = status(servers)
    finally:
        servers.on_server("api", "docker", "start", "fks-api-beat-1")
        containers.wait_until_healthy(servers, "api", "fks-api-beat-1", 120)
        wait_until_healthy(servers)
    assert ("api", "container api-beat is exited, health unhealthy") in problems(document)
    # The watch of web requests the deep health of the API.
    others = [text for server, text in problems(document) if server != "api"]
    assert all("/health/deep: status 503" in text for text in others)
    assert document["exit_code"] == 1


def test_a_server_that_is_off_is_one_problem_and_the_others_are_shown(servers: Scenario) -> None:
    with shut_down(servers, "web"):
        document = status(servers)
    assert [server for server, _ in problems(document)] == ["web"]
    assert document["servers"]["web"]["reason"].startswith("SSH to ")
    assert document["servers"]["web"]["command"] == "tailscale status; fks doctor --stack prod"
    assert document["servers"]["auth"]["release"] and document["servers"]["api"]["release"]
    assert document["exit_code"] == 1


def test_an_engine_that_is_down_is_named(servers: Scenario) -> None:
    with without_engine(servers, "web"):
        document = status(servers, "web")
    wait_until("web serves", servers.unhealthy, 120)
    assert document["servers"]["web"]["containers"] is None
    assert any("containers cannot be read: docker" in text for _, text in problems(document))


def test_bad_input_ends_with_2(servers: Scenario) -> None:
    for options in (["apl"], ["--stack", "nosuch"]):
        assert servers.operator.call(["fks", "status", *options], quiet=True) == 2
