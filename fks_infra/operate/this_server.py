"""The server that `fks` is run on, where it is run on one."""

import json
from pathlib import Path

from fks_infra.errors import OperatorError
from fks_infra.remote.inventory import DeployedServer

ROLE_FILE = Path("/etc/fks/role")
_MANIFEST = Path("/opt/fks/current/release.json")
# In the edge's stack, which every server has beside those of its roles.
_EDGE = "edge"


def is_one() -> bool:
    """Whether this machine is a server."""
    return ROLE_FILE.exists()


def read() -> DeployedServer:
    """From the role file and the release in service; OperatorError for a damaged file."""
    lines = ROLE_FILE.read_text().splitlines()
    values = dict(line.split("=", 1) for line in lines if "=" in line)
    if not values.get("SERVER"):
        raise OperatorError(f"{ROLE_FILE} has no SERVER: bootstrap this server with pulumi up")
    return DeployedServer(
        name=values["SERVER"],
        roles=tuple(values.get("ROLES", "").split(",")),
        instance_id="",
        address="",
        services=_services(),
    )


def _services() -> tuple[str, ...]:
    try:
        by_role = json.loads(_MANIFEST.read_text())["services"]
    except (OSError, ValueError, LookupError):
        by_role = {}
    return (*(name for names in by_role.values() for name in names), _EDGE)
