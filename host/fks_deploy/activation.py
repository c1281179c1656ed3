"""Putting one release into service: the same for a new one and for one that is put back."""

from dataclasses import dataclass

from . import containers, nginx, peers, tls, tree
from .compose import Compose


@dataclass(frozen=True)
class Limits:
    """The longest each wait may last, in seconds. `total` is for everything before a put-back, and
    leaves time for one within the 25 minutes after which the caller ends a deploy."""

    total: int = 1080
    lock: float = 60
    pull: float = 600
    healthy: float = 480
    probe: float = 60


def configuration(compose: Compose) -> dict[str, bytes]:
    """The edge's files for this server. Error: DeployError for a template that cannot be filled."""
    values = {**compose.release.env, "LISTEN_ADDRESS": compose.address}
    return nginx.wanted(compose.release.directory / "nginx", values)


def install(compose: Compose) -> str:
    """Bring the files that containers have mounted; says how many changed."""
    scripts = tree.read(compose.release.directory / "compose/lib")
    changed = tree.sync(compose.paths.lib, scripts, mode=0o755)
    changed += tree.sync(compose.paths.nginx, configuration(compose))
    changed += peers.refresh(compose.paths, compose.release.peers)
    changed += tls.install(compose.shell, compose.paths, compose.release.certificates)
    return f"{len(changed)} changed" if changed else "unchanged"


def start(compose: Compose, limits: Limits) -> str:
    """Start what differs, and what still holds an old secret; wait until all of it is healthy."""
    compose.up(limits.healthy)
    present = containers.of_project(compose.shell, compose.release.project)
    stale = containers.with_stale_secrets(present, compose.services())
    if not stale:
        return f"{len(present)} containers healthy"
    compose.recreate(stale, limits.healthy)
    return f"{len(present)} containers healthy, new secrets in {', '.join(stale)}"
