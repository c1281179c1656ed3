"""What the release in service says about watching: thresholds, and the requests to repeat."""

import json
from dataclasses import dataclass
from typing import Any

from ..errors import DeployError
from ..paths import Paths
from ..probe import Probe


@dataclass(frozen=True)
class Settings:
    """Thresholds in percent. `project` is the Compose project, `certificates` the names of the
    edge's certificates. `own` probes this server, `peers` those that it calls."""

    cpu: float
    memory: float
    project: str
    certificates: tuple[str, ...]
    own: tuple[Probe, ...]
    peers: tuple[Probe, ...]


def load(paths: Paths) -> Settings | None:
    """From release.json; None before the first deploy. Error: DeployError for a release that an
    older version of the program made."""
    file = paths.current / "release.json"
    if not file.exists():
        return None
    document: dict[str, Any] = json.loads(file.read_text())
    if "watch" not in document:
        raise DeployError("release.json lacks the key 'watch': run pulumi up")
    watch = document["watch"]
    return Settings(
        cpu=watch["cpu"],
        memory=watch["memory"],
        project=document["project"],
        certificates=tuple(entry["name"] for entry in document["certificates"]),
        own=tuple(Probe.parse(entry) for entry in document["probes"]),
        peers=tuple(Probe.parse(entry) for entry in watch["probes"]),
    )
