"""Putting one release into service: the same for a new one and for one that is put back."""

from dataclasses import dataclass

from . import containers, nginx, tree
from .compose import Compose


@dataclass(frozen=True)
class Limits:
    """The longest each wait may last, in seconds. Together they stay below the 25 minutes after
    which the caller ends a deploy."""

    lock: float = 60
    pull: float = 600
    healthy: float = 300
    probe: float = 60


def install(compose: Compose) -> str:
    """Bring the files that containers have mounted; says how many changed."""
    release = compose.release
    scripts = tree.read(release.directory / "compose/lib")
    changed = tree.sync(compose.paths.lib, scripts, mode=0o755)
    values = {**release.env, "LISTEN_ADDRESS": compose.address}
    changed += nginx.write(release.directory / "nginx", compose.paths.nginx, values)
    return f"{len(changed)} files changed" if changed else "unchanged"


def start(compose: Compose, limits: Limits) -> str:
    """Start what differs, and what still holds an old secret; wait until all of it is healthy."""
    compose.up(limits.healthy)
    present = containers.of_project(compose.shell, compose.release.project)
    stale = containers.with_stale_secrets(present, compose.services())
    if not stale:
        return f"{len(present)} containers healthy"
    compose.recreate(stale, limits.healthy)
    return f"{len(present)} containers healthy, new secrets in {', '.join(stale)}"
