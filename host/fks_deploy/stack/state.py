"""Which stacks of this server run."""

from dataclasses import asdict
from typing import Any

from .. import containers, env_file, release, rollback, stops
from ..paths import Paths
from ..shell import Shell


def state(paths: Paths, shell: Shell) -> dict[str, Any]:
    """{"server", "roles": [role], "release": digest or None before the first deploy, "stopped":
    {role: {"since", "who", "reason"}}, "containers": [{"service", "role": "" for the edge, "state",
    "health" or None}]}. Error: CommandFailedError when the engine does not answer."""
    role_file = env_file.parse(paths.role.read_text()) if paths.role.exists() else {}
    current = rollback.current(paths)
    deployed = current is not None and current.is_dir()
    return {
        "server": role_file.get("SERVER", ""),
        "roles": [name for name in role_file.get("ROLES", "").split(",") if name],
        "release": current.name if current and deployed else None,
        "stopped": {role: asdict(stop) for role, stop in stops.load(paths).items()},
        "containers": _containers(shell, release.load(current)) if current and deployed else [],
    }


def _containers(shell: Shell, loaded: release.Release) -> list[dict[str, Any]]:
    found = containers.of_project(shell, loaded.project)
    return [
        {
            "service": one.service,
            "role": _role(loaded, one.service),
            "state": one.status,
            "health": one.health.get("Status"),
        }
        for one in sorted(found, key=lambda one: one.service)
        if not one.one_off
    ]


def _role(loaded: release.Release, service: str) -> str:
    services = loaded.placement.services
    return next((role for role, names in services.items() if service in names), "")
