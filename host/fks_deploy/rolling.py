"""Replaces the replicas of an application in turn, so that one of them always serves.

The label `fks.rolling: GROUP` in a compose file makes a service a replica. nginx sends no request
to a replica while it is replaced. For all other services Compose stops the old container before it
starts the new one: the scheduler must run once, and a volume has one owner.
"""

import time
from collections.abc import Mapping

from . import containers, file_tree, nginx
from .compose import Compose, Service
from .containers import Container

Files = Mapping[str, bytes]
Present = Mapping[str, Container]

# Seconds until nginx's new workers accept connections after `nginx -s reload`.
_RELOAD_SECONDS = 1.0


def replace(compose: Compose, seconds: float) -> list[str]:
    """Replace changed replicas in turn, each healthy before the next; returns their names.

    Does nothing before the first start. Error: CommandFailedError when the replicas are not healthy
    after `seconds` together."""
    deadline = time.monotonic() + seconds
    services = compose.services()
    changed = _changed(compose, services)
    if not changed:
        return []
    compose.start_only([one.name for one in services if not one.group], _left(deadline))
    for one in changed:
        group = [other for other in services if other.group == one.group]
        _replace(compose, one, group, deadline)
    return [one.name for one in changed]


def _left(deadline: float) -> float:
    return max(deadline - time.monotonic(), 1.0)


def _changed(compose: Compose, services: list[Service]) -> list[Service]:
    """The replicas to replace, unhealthy ones first; none when their group has no container."""
    present = _present(compose)
    started = {one.group for one in services if one.name in present}
    replicas = [one for one in services if one.group in started - {""}]
    if not replicas:
        return []
    stale = containers.with_stale_secrets(present.values(), replicas)
    hashes = compose.config_hashes()
    changed = [
        one
        for one in replicas
        if one.name not in present
        or one.name in stale
        or present[one.name].config_hash != hashes[one.name]
    ]
    return sorted(changed, key=lambda one: _healthy(present, one))


def _replace(compose: Compose, one: Service, group: list[Service], deadline: float) -> None:
    """Without requests from nginx, if another replica is healthy. A replica that does not become
    healthy gets none until the rollback has replaced it."""
    present = _present(compose)
    others = any(_healthy(present, other) for other in group if other is not one)
    files = file_tree.read(compose.paths.nginx)
    if others:
        _load(compose, nginx.without_ports(files, one.ports))
    compose.recreate([one.name], _left(deadline))
    if others:
        _load(compose, files)


def _load(compose: Compose, files: Files) -> None:
    file_tree.sync(compose.paths.nginx, files)
    nginx.reload(compose)
    time.sleep(_RELOAD_SECONDS)


def _present(compose: Compose) -> dict[str, Container]:
    found = containers.of_project(compose.shell, compose.release.project)
    return {one.service: one for one in found if not one.one_off}


def _healthy(present: Present, service: Service) -> bool:
    return service.name in present and present[service.name].serves
