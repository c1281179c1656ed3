"""An unpacked release and its metadata: release.json and release.env."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import env_file
from .acme import Authority, Certificate
from .errors import DeployError
from .placement import Placement
from .probe import Probe
from .static_builds import StaticBuild

ENV_FILE = "release.env"


@dataclass(frozen=True)
class Release:
    """`directory` holds compose/, nginx/, release.json and release.env. `callers` maps a role to
    the tags of the servers whose edges pass requests on to it."""

    digest: str
    directory: Path
    server: str
    project: str
    compose_file: str
    env: Mapping[str, str]
    authority: Authority
    certificates: tuple[Certificate, ...]
    callers: Mapping[str, list[str]]
    probes: tuple[Probe, ...]
    builds: tuple[StaticBuild, ...] = ()
    placement: Placement = field(default_factory=Placement)

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
            env=env_file.parse((directory / ENV_FILE).read_text()),
            authority=Authority.parse(document["authority"]),
            certificates=tuple(Certificate.parse(entry) for entry in document["certificates"]),
            callers=document["callers"],
            probes=tuple(Probe.parse(entry) for entry in document["probes"]),
            # A rollback may load a release from before static builds.
            builds=tuple(StaticBuild.parse(entry) for entry in document.get("builds", [])),
            placement=Placement.parse(document),
        )
    except (FileNotFoundError, ValueError) as error:
        raise DeployError(f"release {directory.name[:12]} is not readable: {error}") from error
    except KeyError as error:
        raise DeployError(
            f"release.json of {directory.name[:12]} lacks the key {error}: it does not fit the "
            f"host scripts on this server. Run pulumi up to install both from one version."
        ) from error


def check_server(release: Release, role_file: Path) -> None:
    """Error: DeployError when the release was built for another server than this one."""
    text = role_file.read_text() if role_file.exists() else ""
    server = env_file.parse(text).get("SERVER", "?")
    if server != release.server:
        raise DeployError(
            f"release {release.short} is for the server {release.server!r}, but SERVER in "
            f"{role_file} is {server!r}. Bootstrap this server, or deploy to the other one."
        )
