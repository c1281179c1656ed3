"""Which stacks of this server run."""

from dataclasses import asdict
from typing import Any

from .. import containers, env_file, release, rollback, stops
from ..paths import Paths
from ..shell import Shell


def state(paths: Paths, shell: Shell) -> dict[str, Any]:
    """{"server", "roles": [role], "release": digest or None when nothing is deployed, "services":
    {role: [service]}, "stopped": {role: as stops.Stop}, "containers": [{"service",
    "state", "health" or None}]}. Error: CommandFailedError when the engine does not answer."""
    role_file = env_file.parse(paths.role.read_text()) if paths.role.exists() else {}
    current = rollback.current(paths)
    loaded = release.load(current) if current and current.is_dir() else None
    return {
        "server": role_file.get("SERVER", ""),
        "roles": [name for name in role_file.get("ROLES", "").split(",") if name],
        "release": loaded.digest if loaded else None,
        "services": loaded.placement.services if loaded else {},
        "stopped": {role: asdict(stop) for role, stop in stops.load(paths).items()},
        "containers": _containers(shell, loaded.project) if loaded else [],
    }


def _containers(shell: Shell, project: str) -> list[dict[str, Any]]:
    found = containers.of_project(shell, project)
    return [
        {"service": one.service, "state": one.status, "health": one.health.get("Status")}
        for one in sorted(found, key=lambda one: one.service)
        if not one.one_off
    ]
