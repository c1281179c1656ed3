"""Each container killed, each server restarted: everything serves again without a manual step."""

from __future__ import annotations

import pytest

from rehearsal.game_day.server_causes import script, stopped
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario
from tests.world import containers

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

SERVERS = ("auth", "api", "web")
CONTAINER_SECONDS, SERVER_SECONDS = 120, 240


@pytest.mark.parametrize("server", SERVERS)
def test_docker_restarts_a_container_whose_process_is_killed(
    servers: Scenario, server: str
) -> None:
    for name in containers.names(servers, server):
        containers.kill_process(servers, server, name)
        containers.wait_until_healthy(servers, server, name, CONTAINER_SECONDS)


@pytest.mark.parametrize("server", SERVERS)
def test_the_watch_restarts_a_container_that_was_killed_by_docker_kill(
    servers: Scenario, server: str
) -> None:
    for name in containers.names(servers, server):
        servers.on_server(server, "docker", "kill", name)
        events = containers.watch(servers, server)["history"]["events"]
        service = name.removeprefix("fks-").removesuffix("-1")
        text = f"container {service} had ended with exit code 137 and was restarted"
        assert any(text in event for event in events), events
        containers.wait_until_healthy(servers, server, name, CONTAINER_SECONDS)


def test_a_container_that_was_stopped_stays_down_and_is_reported(servers: Scenario) -> None:
    name = "fks-api-worker-1"
    with stopped(servers, "api", name):
        found = containers.problems(servers, "api")["container api-worker"]
        assert found["text"].startswith("container api-worker is exited")
        assert containers.inspect(servers, "api", name)["State"]["Status"] == "exited"
    containers.wait_until_healthy(servers, "api", name, CONTAINER_SECONDS)


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_that_restarts_serves_again(servers: Scenario, server: str) -> None:
    booted = servers.started_at(server)
    servers.reboot(server)
    wait_until(
        f"{server} has restarted", lambda: servers.not_restarted(server, booted), SERVER_SECONDS
    )
    wait_until("all services answer", servers.unhealthy, SERVER_SECONDS)


def test_a_clock_that_is_not_synchronized_is_reported(servers: Scenario) -> None:
    """All servers have the clock of the machine, so only the report can be tested: `timedatectl`
    is replaced, and the watch does not see that the server is a container."""
    fake = "printf '#!/bin/sh\\necho no\\n' >/run/timedatectl; chmod +x /run/timedatectl"
    script(servers, f"{fake}; mount --bind /run/timedatectl /usr/bin/timedatectl", "web")
    script(servers, "mv /run/systemd/container /run/container", "web")
    try:
        found = containers.problems(servers, "web")
    finally:
        script(servers, "mv /run/container /run/systemd/container", "web")
        script(servers, "umount /usr/bin/timedatectl", "web")
    assert found["clock"]["text"].startswith("the clock is not synchronized")
