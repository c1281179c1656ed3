"""Repairs a project's containers that `docker compose up` would fail on or leave as they are.

An interrupted `docker compose up` leaves containers that never ran. Compose replaces a container by
one with the name `<id>_<name>`, removes the old one and renames the new one; with such a container
in place it fails: https://github.com/docker/compose/blob/v2.26.1/pkg/compose/convergence.go
"""

from collections.abc import Collection

from . import containers
from .containers import Container
from .shell import Shell

_NEVER_RAN = ("created", "dead", "removing")
_TIMEOUT = 30.0
# Longer than every stop_grace_period in compose/.
_STOP_TIMEOUT = 150.0


def repair(shell: Shell, project: str) -> list[str]:
    """Remove containers that cannot be used, so that Compose creates them again, and put the others
    right; returns the names of the removed ones. Their data is in volumes, which stay."""
    present = [one for one in containers.of_project(shell, project) if not one.one_off]
    unusable = _unusable(present, _networks(shell))
    for one in unusable:
        _remove(shell, one)
    for one in present:
        if one not in unusable:
            _correct(shell, one)
    return [one.name for one in unusable]


def remove_disabled(shell: Shell, project: str, enabled: Collection[str]) -> list[str]:
    """Remove the containers of services that are not `enabled`, and return their names: `up
    --remove-orphans` leaves those whose profile is not active. Their data is in volumes, which
    stay."""
    present = [one for one in containers.of_project(shell, project) if not one.one_off]
    disabled = [one for one in present if one.service not in enabled]
    for one in disabled:
        _remove(shell, one)
    return [one.name for one in disabled]


def _remove(shell: Shell, one: Container) -> None:
    shell.attempt(["docker", "stop", one.id], timeout=_STOP_TIMEOUT)
    # Fails when the engine is removing it already; Compose and the watch report one that stays.
    shell.attempt(["docker", "rm", "--force", one.id], timeout=_TIMEOUT)


def _correct(shell: Shell, one: Container) -> None:
    """Undo a pause or a new name, and restart it when it is unhealthy: for Compose an unhealthy
    container fails at once, although its next check may pass."""
    if one.name != one.own_name:
        shell.attempt(["docker", "rename", one.id, one.own_name], timeout=_TIMEOUT)
    paused = one.status == "paused"
    if paused:
        shell.run(["docker", "unpause", one.id], timeout=_TIMEOUT)
    if paused or (one.status == "running" and one.health.get("Status") == "unhealthy"):
        shell.run(["docker", "restart", one.id], timeout=_STOP_TIMEOUT)


def _unusable(present: list[Container], networks: set[str]) -> list[Container]:
    """Those that never ran, those without their network, and second ones of a service."""
    usable = [one for one in present if one.status not in _NEVER_RAN and one.connected(networks)]
    names = {one.name for one in usable}
    second = [one for one in usable if one.name != one.own_name and one.own_name in names]
    return [one for one in present if one not in usable or one in second]


def _networks(shell: Shell) -> set[str]:
    """The ids of all networks."""
    command = ["docker", "network", "ls", "--no-trunc", "--quiet"]
    return set(shell.run(command, timeout=_TIMEOUT).split())
