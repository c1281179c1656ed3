"""Checks that each PostgreSQL image can read the data that its volume has already."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from . import images
from .compose import Compose
from .errors import DeployError
from .shell import Shell

_TIMEOUT = 30.0
_MAJOR = "PG_MAJOR="


def check(compose: Compose) -> str:
    """Returns a note. Error: DeployError for a service whose data has another major version."""
    document = compose.document()
    checked = []
    for name, volume in volumes(document):
        image = document["services"][name]["image"]
        found, needed = data_version(compose.shell, volume), image_version(compose.shell, image)
        if found and needed and found != needed:
            raise DeployError(
                f"{name}: {image} is PostgreSQL {needed}, and the volume {volume} has data of "
                f"PostgreSQL {found}, which it cannot read. Set fks:services.{name}.image to an "
                f"image of PostgreSQL {found}, or move the data: fks upgrade postgres"
            )
        checked += [f"{name} {found or 'is new'}"]
    return ", ".join(checked)


def volumes(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The services with a PGDATA, each with the full name of the volume there."""
    for name, service in document["services"].items():
        data = (service.get("environment") or {}).get("PGDATA")
        for mount in service.get("volumes") or []:
            if data and mount.get("type") == "volume" and mount["target"] == data:
                yield name, document["volumes"][mount["source"]]["name"]


def data_version(shell: Shell, volume: str) -> str:
    """The major version of the data; "" for no data."""
    result = shell.attempt(["docker", "volume", "inspect", volume], timeout=_TIMEOUT)
    if not result.ok:
        return ""
    file = Path(json.loads(result.out)[0]["Mountpoint"]) / "PG_VERSION"
    return file.read_text().strip() if file.exists() else ""


def image_version(shell: Shell, image: str) -> str:
    """The major version that the official image declares; "" for another image."""
    details = images.inspect(shell, image) or {}
    environment = (details.get("Config") or {}).get("Env") or []
    return next((one.removeprefix(_MAJOR) for one in environment if one.startswith(_MAJOR)), "")
