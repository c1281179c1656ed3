"""The containers of the services on a server, and what the watch knows of them."""

from __future__ import annotations

import json
from typing import Any

from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

PROJECT = "label=com.docker.compose.project=fks"
WATCH = "/var/lib/fks/watch.json"


def names(scenario: Scenario, server: str) -> list[str]:
    """The names of all containers of the project, stopped ones too."""
    listed = ("docker", "ps", "--all", "--filter", PROJECT, "--format", "{{.Names}}")
    return sorted(scenario.on_server(server, *listed).split())


def inspect(scenario: Scenario, server: str, name: str) -> dict[str, Any]:
    """The document of `docker inspect`."""
    return dict(json.loads(scenario.on_server(server, "docker", "inspect", name))[0])


def kill_process(scenario: Scenario, server: str, name: str) -> None:
    """Send SIGKILL to the container's first process, as the kernel does when memory runs out, and
    wait until Docker has restarted the container."""
    before = inspect(scenario, server, name)
    scenario.on_server(server, "kill", "-KILL", str(before["State"]["Pid"]))

    def restarts() -> str | None:
        count = inspect(scenario, server, name)["RestartCount"]
        return None if count > before["RestartCount"] else f"{count} restarts"

    wait_until(f"{name} restarts", restarts, 30)


def wait_until_healthy(scenario: Scenario, server: str, name: str, seconds: float) -> None:
    """Wait until the container is healthy and every health URL of the stack answers "healthy"."""

    def state() -> str | None:
        found = inspect(scenario, server, name)["State"]
        health = found.get("Health", {}).get("Status")
        return None if health == "healthy" else f"{found['Status']}, {health}"

    wait_until(f"{name} is healthy", state, seconds)
    wait_until("all services answer", scenario.unhealthy, seconds)


def watch(scenario: Scenario, server: str) -> dict[str, Any]:
    """Let the watch run now; its state afterwards."""
    scenario.on_server(server, "systemctl", "start", "fks-watch.service")
    return dict(json.loads(scenario.on_server(server, "cat", WATCH)))


def problems(scenario: Scenario, server: str) -> dict[str, Any]:
    """The problems that the watch finds now, by key."""
    return dict(watch(scenario, server)["history"]["problems"])
