"""The drift of this server as one document."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from .. import env_file
from ..errors import DeployError
from ..watch.utc import iso
from . import accounts, bootstrap, bundles, docker_objects, edge, foreign_files, network, services
from .context import Context
from .deviation import Deviation

_ERRORS = (DeployError, OSError, ValueError, LookupError, TypeError)

PARTS: Mapping[str, Callable[[Context], Iterator[Deviation]]] = {
    "host scripts": bundles.scripts,
    "bootstrap": bootstrap.deviations,
    "release": bundles.release,
    "mounted files": edge.files,
    "certificates": edge.certificates,
    "containers": services.containers,
    "images": services.recorded_images,
    "other Docker objects": docker_objects.deviations,
    "users": accounts.users,
    "keys": accounts.keys,
    "files of nobody": foreign_files.deviations,
    "ports": network.ports,
    "packet filter": network.tables,
}


def report(context: Context) -> dict[str, Any]:
    """Changes nothing.

    {"server", "time": in UTC as in ISO 8601,
    "deviations": [{"kind", "name", "expected", "found", "repair": an argument of bin/repair, or ""
    where a person must decide}],
    "accepted": [the "KIND NAME" of what is not ours and was found, but is in drift-accepted],
    "unknown": [{"part": one or more, "reason"}] for what could not be compared}"""
    role = context.paths.role
    values = env_file.parse(role.read_text()) if role.exists() else {}
    found: list[Deviation] = []
    unknown: dict[str, list[str]] = {}
    for part, deviations in PARTS.items():
        try:
            found += deviations(context)
        except _ERRORS as error:
            unknown.setdefault(str(error) or type(error).__name__, []).append(part)
    accepted = _accepted(context, found)
    return {
        "server": values.get("SERVER", ""),
        "time": iso(time.time()),
        "deviations": [asdict(one) for one in found if one not in accepted],
        "accepted": [f"{one.kind} {one.name}" for one in accepted],
        "unknown": [
            {"part": ", ".join(parts), "reason": reason} for reason, parts in unknown.items()
        ],
    }


def _accepted(context: Context, found: list[Deviation]) -> list[Deviation]:
    """Those that are not ours and have a line "KIND NAME" in the operator's file."""
    file = context.paths.drift_accepted
    lines = file.read_text().splitlines() if file.exists() else []
    return [one for one in found if not one.ours and f"{one.kind} {one.name}" in lines]
