"""Ends what uses a database before its container gets another volume.

Compose replaces the database's container first. A client that is restarted again and again would
meet the other data: a new release of Authentik would migrate the data that the old one needs.
"""

from . import containers, postgres_version
from .compose import Compose
from .upgrade.databases import clients


def end_clients(compose: Compose, timeout: float) -> None:
    """Stop all clients of a database whose container has another volume than the release
    declares. Error: CommandFailedError."""
    present = [
        one
        for one in containers.of_project(compose.shell, compose.release.project)
        if not one.one_off
    ]
    running = {one.service for one in present if one.status in containers.ACTIVE}
    for service, volume in postgres_version.volumes(compose.document()):
        held = [one.volumes for one in present if one.service == service]
        using = sorted(running & {*clients(compose.all_services(), service)})
        if using and any(names and volume not in names for names in held):
            compose.stop(using, timeout)
