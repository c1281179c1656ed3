"""What an unpacked release says about itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .authority import Authority, Certificate
from .errors import DeployError
from .probe import Probe

ENV_FILE = "release.env"


@dataclass(frozen=True)
class Release:
    """One unpacked release: `directory` holds compose/, nginx/ and release.env."""

    digest: str
    directory: Path
    server: str
    project: str
    compose_file: str
    env: Mapping[str, str]
    authority: Authority
    certificates: tuple[Certificate, ...]
    peers: Mapping[str, str]
    probes: tuple[Probe, ...]

    @property
    def short(self) -> str:
        return self.digest[:12]


def load(directory: Path) -> Release:
    """Read release.json and release.env. Error: DeployError naming the key that is missing."""
    try:
        document: dict[str, Any] = json.loads((directory / "release.json").read_text())
        return Release(
            digest=directory.name,
            directory=directory,
            server=document["server"],
            project=document["project"],
            compose_file=document["compose_file"],
            env=parse_env((directory / ENV_FILE).read_text()),
            authority=Authority.parse(document["authority"]),
            certificates=tuple(Certificate.parse(entry) for entry in document["certificates"]),
            peers=document["peers"],
            probes=tuple(Probe.parse(entry) for entry in document["probes"]),
        )
    except (FileNotFoundError, ValueError) as error:
        raise DeployError(f"release {directory.name[:12]} is not readable: {error}") from error
    except KeyError as error:
        raise DeployError(
            f"release.json of {directory.name[:12]} lacks the key {error}: it was made for other "
            f"host scripts than these, and pulumi up brings one that fits"
        ) from error


def parse_env(text: str) -> dict[str, str]:
    """NAME=value lines, as Compose reads them without quotes; `#` starts a comment line."""
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def check_server(release: Release, role_file: Path) -> None:
    """Refuse a release made for another server. Error: DeployError."""
    server = parse_env(role_file.read_text()).get("SERVER", "?") if role_file.exists() else "?"
    if server != release.server:
        raise DeployError(
            f"release {release.short} is for the server {release.server!r}, but {role_file} says "
            f"{server!r}: bootstrap this server first, or deploy to the right one"
        )
