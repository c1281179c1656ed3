"""Proves the newest snapshot of a data set again, and checks its repository."""

import time

from .. import clock
from ..watch.utc import iso
from . import certificate
from .certificate import Certificate
from .failures import RepositoryError
from .repository import Snapshot
from .run import Run, bad, prove


def verify(run: Run, *, deep: bool) -> Certificate:
    """`deep` reads all data of the repository. Errors: DeployError when it cannot be told."""
    snapshot = _known(run)
    try:
        run.repository.unlock()
        run.repository.check(deep=deep)
        snapshot = run.repository.snapshot()
    except RepositoryError as error:
        if not error.damage or snapshot is None:
            raise
        return _bad(run, snapshot, str(error))
    if text := _lost(run, snapshot):
        return _bad(run, snapshot, text)
    return prove(run, snapshot, _file(run, snapshot))


def _known(run: Run) -> Snapshot | None:
    """The snapshot of the newest certificate that is not from the future."""
    latest = iso(time.time() + clock.AHEAD)
    known = certificate.read(run.compose.paths, run.data.name)
    found = [one for one in known if one["time"] <= latest]
    return Snapshot(found[-1]["snapshot"], found[-1]["time"], "", 0) if found else None


def _file(run: Run, snapshot: Snapshot) -> str:
    """The dump in its certificate; "" without one."""
    found = certificate.read(run.compose.paths, run.data.name)
    return next((str(one["file"]) for one in found if one["snapshot"] == snapshot.id), "")


def _lost(run: Run, snapshot: Snapshot) -> str:
    """A snapshot with a certificate that is newer than the newest one; "" for none."""
    known = _known(run)
    if known is None or known.id == snapshot.id or known.time <= snapshot.time:
        return ""
    return (
        f"the repository has lost the snapshot {known.id} of {known.time}: its newest one is "
        f"{snapshot.id} of {snapshot.time}. Make a new one: fks backup"
    )


def _bad(run: Run, snapshot: Snapshot, text: str) -> Certificate:
    found = bad(run, snapshot, _file(run, snapshot), text)
    certificate.write(run.compose.paths, found)
    run.say(f"proof bad: {snapshot.id}, {text}")
    return found
