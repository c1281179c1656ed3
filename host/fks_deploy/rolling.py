"""Replaces changed containers one by one, replicas of an application last.

Together, Compose would stop all of them at first, and nginx and the database would be away until a
worker has ended its tasks.

The label `fks.rolling: GROUP` in a compose file makes a service a replica. nginx sends no request
to a replica while it is replaced. For all other services Compose stops the old container before it
starts the new one: the scheduler must run once, and a volume has one owner.
"""

import time
from collections.abc import Mapping
from graphlib import TopologicalSorter

from . import containers, file_tree, nginx
from .compose import Compose, Service
from .containers import Container

Files = Mapping[str, bytes]
Present = Mapping[str, Container]

# Seconds until nginx's new workers accept connections after `nginx -s reload`.
_RELOAD_SECONDS = 1.0


def replace(compose: Compose, seconds: float) -> list[str]:
    """Replace changed services, each healthy before the next; returns their names.

    Does nothing before the first start. Error: CommandFailedError when they are not healthy after
    `seconds` together."""
    deadline = time.monotonic() + seconds
    services = compose.services()
    present = _present(compose)
    if not present:
        return []
    hashes = compose.config_hashes()
    changed = [one.name for one in _in_order(services) if _is_changed(present, hashes, one)]
    for name in changed:
        compose.start_only([name], _left(deadline))
    return changed + _replace_replicas(compose, services, hashes, deadline)


def _in_order(services: list[Service]) -> list[Service]:
    """Those that are no replicas, each after what it depends on."""
    by_name = {one.name: one for one in services if not one.group}
    order = TopologicalSorter({one.name: one.needs for one in services}).static_order()
    return [by_name[name] for name in order if name in by_name]


def _is_changed(present: Present, hashes: Mapping[str, str], one: Service) -> bool:
    """Whether its container has another configuration."""
    return one.name in present and present[one.name].config_hash != hashes[one.name]


def _replace_replicas(
    compose: Compose, services: list[Service], hashes: Mapping[str, str], deadline: float
) -> list[str]:
    changed = _changed(compose, services, hashes)
    if not changed:
        return []
    compose.start_only([one.name for one in services if not one.group], _left(deadline))
    for one in changed:
        group = [other for other in services if other.group == one.group]
        _replace(compose, one, group, deadline)
    return [one.name for one in changed]


def _left(deadline: float) -> float:
    return max(deadline - time.monotonic(), 1.0)


def _changed(compose: Compose, services: list[Service], hashes: Mapping[str, str]) -> list[Service]:
    """The replicas to replace, unhealthy ones first; none when their group has no container."""
    present = _present(compose)
    started = {one.group for one in services if one.name in present}
    replicas = [one for one in services if one.group in started - {""}]
    if not replicas:
        return []
    stale = containers.with_stale_secrets(present.values(), replicas)
    changed = [
        one
        for one in replicas
        if one.name not in present or one.name in stale or _is_changed(present, hashes, one)
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
