"""The way back of an upgrade that is not in service: the old data as it was, and its clients."""

from pathlib import Path

from .. import containers, journal, maintenance, rollback
from ..compose import Compose
from ..paths import Paths
from ..timeouts import Timeouts
from . import record, throwaway
from .record import Record


def go_back(compose: Compose, entry: Record, who: str, timeouts: Timeouts) -> None:
    """Start the release in service again, then remove what was made. Error: DeployError, after
    which it can be repeated."""
    rollback.activate(compose, timeouts)
    forget(compose, entry, who)


def forget(compose: Compose, entry: Record, who: str) -> None:
    """Remove the new data, which no container of the release in service uses, and end the
    maintenance. Error: DeployError, after which it can be repeated."""
    shell, paths = compose.shell, compose.paths
    throwaway.remove(shell, entry.service)
    throwaway.remove_volume(shell, entry.target.volume)
    remove_dump(paths, entry.service)
    end_maintenance(paths, entry, who)
    record.forget(paths, entry.service)
    journal.record(paths.journal, "upgrade", who, text=sentence(entry))


def sentence(entry: Record) -> str:
    """What serves after it."""
    old = entry.source
    return f"{entry.service} serves with PostgreSQL {old.version} and the volume {old.volume} again"


def end_maintenance(paths: Paths, entry: Record, who: str) -> None:
    """Unless it was on before."""
    if not entry.maintenance:
        maintenance.switch_off(paths, who)


def remove_dump(paths: Paths, service: str) -> None:
    """Error: OSError."""
    directory = dump_directory(paths, service)
    for file in directory.glob("*"):
        file.unlink()


def dump_directory(paths: Paths, service: str) -> Path:
    """Of one service."""
    return paths.upgrade_dumps / service


def present(compose: Compose, service: str) -> bool:
    """Whether the service has a container, in any state."""
    found = containers.of_project(compose.shell, compose.release.project)
    return any(one.service == service and not one.one_off for one in found)
