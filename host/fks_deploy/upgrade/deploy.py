"""What a deploy has to do with upgrades: it refuses data that was not copied, and completes or
undoes the upgrade that it was made for."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from .. import journal, postgres_version, rollback
from ..compose import Compose
from ..errors import DeployError
from ..paths import Paths
from . import back, record, trains
from .record import COPIED, SERVING, Record

WHO = "deploy"


def check(compose: Compose) -> str:
    """Step `data`. Returns a note. Error: DeployError for a database whose data the release cannot
    have: nothing is changed."""
    volumes = dict(postgres_version.volumes(compose.document()))
    for name, before in _current_volumes(compose).items():
        if (volume := volumes.get(name, before)) != before:
            _check_copy(compose, name, before, volume)
    for entry in record.load_all(compose.paths):
        if entry.pending and volumes.get(entry.service) != entry.target.volume:
            raise DeployError(
                f"{entry.service} is being upgraded by {entry.who} since {entry.since}, and this "
                f"release is not that of the upgrade. Run {entry.command} again to complete it, "
                f"or {entry.command} --back"
            )
    trains.check(compose, next((one.authentik for one in _awaited(compose, volumes)), ""))
    return postgres_version.check(compose)


def _current_volumes(compose: Compose) -> dict[str, str]:
    """Service -> full name of the volume that it has in the release in service."""
    current = rollback.current_compose(compose.shell, compose.paths, compose.address)
    return dict(postgres_version.volumes(current.document())) if current else {}


def _check_copy(compose: Compose, name: str, before: str, volume: str) -> None:
    if not postgres_version.data_version(compose.shell, before):
        return
    entry = record.load(compose.paths, name)
    if not entry or entry.state != COPIED or entry.target.volume != volume:
        raise DeployError(
            f"{name}: the data is in the volume {before}, and the release declares {volume}. "
            f"Run fks upgrade postgres, which copies it; or take back "
            f"fks:services.{name}.volume in the stack's file"
        )
    if back.present(compose, name):
        raise DeployError(
            f"{name} was started after its data was copied, so the copy may lack rows. Run "
            f"{entry.command} again: it copies anew"
        )


def awaited(compose: Compose) -> list[Record]:
    """The upgrades that this release was made for."""
    if not any(one.state == COPIED for one in record.load_all(compose.paths)):
        return []
    return _awaited(compose, dict(postgres_version.volumes(compose.document())))


def _awaited(compose: Compose, volumes: Mapping[str, str]) -> list[Record]:
    return [
        one
        for one in record.load_all(compose.paths)
        if one.state == COPIED and volumes.get(one.service) == one.target.volume
    ]


def complete(compose: Compose) -> str:
    """After the release went into service: end the maintenance; the old volume stays until
    `finish`. Returns a note."""
    return ", ".join(_complete(compose.paths, awaited(compose))) or "none"


def _complete(paths: Paths, found: list[Record]) -> Iterator[str]:
    for entry in found:
        record.save(paths, replace(entry, state=SERVING))
        back.end_maintenance(paths, entry, WHO)
        text = f"{entry.service} serves with PostgreSQL {entry.target.version}"
        journal.record(paths.journal, "upgrade", WHO, text=text)
        yield text


def undo(current: Compose, found: list[Record]) -> Iterator[str]:
    """After a rollback to `current`, which is the release before, or that of the upgrade."""
    volumes = dict(postgres_version.volumes(current.document()))
    for entry in found:
        if volumes.get(entry.service) == entry.target.volume:
            yield from _complete(current.paths, [entry])
        else:
            back.forget(current, entry, WHO)
            yield back.sentence(entry)
