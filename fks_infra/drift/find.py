"""Finds drift in servers and clouds at the same time."""

from collections.abc import Sequence
from pathlib import Path

from fks_infra.doctor.background import begin
from fks_infra.drift import servers as server_drift
from fks_infra.drift.findings import CLOUDS, Deviation, Findings, Unknown
from fks_infra.remote.inventory import DeployedServer


def find(
    stack: str, servers: Sequence[DeployedServer], key: Path | None, *, clouds: bool
) -> Findings:
    """Compare these servers, and the clouds if `clouds`; `key` is the file of the deploy key."""
    preview = begin(lambda: _in_clouds(stack) if clouds else ([], []))
    found = list(server_drift.read(stack, servers, key))
    in_clouds, notes = preview.result()
    found += in_clouds
    return Findings(
        stack=stack,
        places=(*(server.name for server in servers), *([CLOUDS] if clouds else [])),
        deviations=tuple(one for one in found if isinstance(one, Deviation)),
        unknown=tuple(one for one in found if isinstance(one, Unknown)),
        notes=tuple(notes),
    )


def _in_clouds(stack: str) -> tuple[list[Deviation | Unknown], list[str]]:
    # Servers do not have it.
    from fks_infra.drift import clouds

    return clouds.read(stack)
