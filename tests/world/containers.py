"""The containers of the services on a server, and what the watch knows of them."""

from __future__ import annotations

import json
from typing import Any

from rehearsal.game_day.server_causes import inspect, kill_process
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario

# What tests use of the causes of faults, too
__all__ = ["inspect", "kill_process", "names", "problems", "wait_until_healthy", "watch"]

PROJECT = "label=com.docker.compose.project=fks"
WATCH = "/var/lib/fks/watch.json"


def names(scenario: Scenario, server: str) -> list[str]:
    """The names of all containers of the project, stopped ones too."""
    listed = ("docker", "ps", "--all", "--filter", PROJECT, "--format", "{{.Names}}")
    return sorted(scenario.on_server(server, *listed).split())


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
