"""The second part of a restore: the restored data get the names of the present ones."""

from ..errors import DeployError
from ..stack.entry import recorded
from ..stack.session import Session
from . import files, record, source
from .database import Database
from .exchange_steps import Exchange
from .record import Record
from .target import Target


def exchange(session: Session, target: Target) -> Record:
    """Put the restored data into service, or go on with what was interrupted. If they are not
    healthy, those of before are put back. Error: DeployError, which says which data serve."""
    found = _require(session, target, (record.PREPARED, record.EXCHANGING, record.UNDOING))
    to = record.EXCHANGING if found.state == record.PREPARED else found.state
    return Exchange(session, target, found).run(to)


def undo(session: Session, target: Target) -> Record:
    """Put the data of before into service again; a second time the restored ones."""
    found = _require(session, target, (record.EXCHANGED, record.UNDONE, record.UNDOING))
    back = found.state in (record.EXCHANGED, record.UNDOING)
    return Exchange(session, target, found).run(record.UNDOING if back else record.EXCHANGING)


def finish(session: Session, target: Target) -> None:
    """Drop the database and the files that are not in service, and forget the restore."""
    done = (record.PREPARED, record.EXCHANGED, record.UNDONE, record.FAILED, record.PREPARING)
    _require(session, target, done)
    database = Database(session.compose, target)
    with recorded(session, "restore", database=target.database) as report:
        for name in (target.restoring, target.before):
            report.run("drop", lambda name=name: _drop(database, name))  # type: ignore[misc]
        report.run("files", lambda: ", ".join(files.drop(session.compose, target.name)) or "none")
        source.forget(session.paths, target.name)
        record.remove(session.paths, target.name)


def _drop(database: Database, name: str) -> str:
    database.drop(name)
    return name


def _require(session: Session, target: Target, states: tuple[str, ...]) -> Record:
    found = record.load(session.paths, target.name)
    if found and found.state in states:
        return found
    state = f"the restore of {target.name} is {found.state}" if found else "nothing is restored"
    raise DeployError(
        f"{state}, so this cannot be done now. Nothing was changed: see fks restore "
        f"{target.name} --status"
    )
