"""What the release in service says about watching: thresholds, and the requests to repeat."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .. import stops
from ..errors import DeployError
from ..paths import Paths
from ..placement import Placement
from ..probe import Probe
from ..stops import Stop


@dataclass(frozen=True)
class Settings:
    """Thresholds in percent. `project` is the Compose project, `certificates` the names of the
    edge's certificates. `own` probes this server, `peers` those that it calls. Nothing is
    expected of what is `stopped`, by role."""

    cpu: float
    memory: float
    project: str
    certificates: tuple[str, ...]
    own: tuple[Probe, ...]
    peers: tuple[Probe, ...]
    placement: Placement = field(default_factory=Placement)
    stopped: Mapping[str, Stop] = field(default_factory=dict)

    def is_stopped(self, service: str) -> bool:
        """Whether a service is not to run."""
        return self.placement.is_stopped(service, self.stopped)


def load(paths: Paths) -> Settings | None:
    """From release.json; None before the first deploy. Error: DeployError for a release that an
    older version of the program made."""
    file = paths.current / "release.json"
    if not file.exists():
        return None
    document: dict[str, Any] = json.loads(file.read_text())
    if "watch" not in document:
        raise DeployError("release.json lacks the key 'watch': run pulumi up")
    watch, placement = document["watch"], Placement.parse(document)
    stopped = stops.load(paths)
    own = (Probe.parse(entry) for entry in document["probes"])
    peers = () if placement.all_stopped(stopped) else watch["probes"]
    return Settings(
        cpu=watch["cpu"],
        memory=watch["memory"],
        project=document["project"],
        certificates=tuple(entry["name"] for entry in document["certificates"]),
        own=tuple(one for one in own if not placement.is_silent(one.host, stopped)),
        peers=tuple(Probe.parse(entry) for entry in peers),
        placement=placement,
        stopped=stopped,
    )
