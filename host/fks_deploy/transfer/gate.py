"""Closes a server for writes before its data move, and opens it again.

Closed is: the edge answers 503 with Retry-After, what makes tasks is stopped, the queue is empty,
and the databases refuse writes. The last is a setting of the database, so it holds for every
client, after a restart, a deploy and a boot too.
https://www.postgresql.org/docs/current/sql-alterdatabase.html
"""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from .. import atomic_file, journal, maintenance
from ..errors import DeployError
from ..output import now
from ..paths import Paths
from ..queues.unfinished import unfinished
from ..queues.workers import WORKERS
from ..stack.session import Session
from . import data_set, pause
from .data_set import DataSet

_MESSAGE = "The data are being moved to another server."
_POLL_SECONDS = 1.0
# For applications whose edge refuses requests already.
_GRACE = 5
_CLOSE = 'ALTER DATABASE :"name" SET default_transaction_read_only = on;'
_OPEN = 'ALTER DATABASE :"name" RESET default_transaction_read_only;'
# A session keeps the default that it began with.
_END = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = :'name' AND pid <> pg_backend_pid();
"""


def read(paths: Paths) -> dict[str, Any] | None:
    """{"since": UTC, "maintenance": whether this program switched it on}, None while open."""
    if not paths.transfer.exists():
        return None
    try:
        return dict(json.loads(paths.transfer.read_text()))
    except (ValueError, TypeError):
        return {"since": "?", "maintenance": True}


def close(
    session: Session, sets: Sequence[DataSet], drain: float, *, leave_tasks: bool = False
) -> None:
    """Again it goes on. Error: DeployError if the queue is not empty after `drain` seconds, unless
    `leave_tasks`; then the server is open again."""
    paths = session.paths
    with _recorded(session, "close", sets):
        if read(paths) is None:
            own = maintenance.read(paths) is None
            state = {"since": now(), "maintenance": own}
            atomic_file.write(paths.transfer, json.dumps(state).encode())
            if own:
                maintenance.switch_on(paths, session.who, _MESSAGE)
        try:
            pause.pause(session, sets, but=WORKERS, grace=_GRACE)
            if any(one.name == "api" for one in sets):
                _drain(session, drain, leave_tasks=leave_tasks)
            for one in sets:
                data_set.query(session.compose, one, _CLOSE + _END)
        except DeployError:
            _reopen(session, sets)
            raise


def open_again(session: Session, sets: Sequence[DataSet]) -> None:
    """What is open stays so."""
    with _recorded(session, "open", sets):
        _reopen(session, sets)


def hold(session: Session, sets: Sequence[DataSet]) -> None:
    """For the data of another server: the databases run and accept writes, nothing uses them, and
    the edge stays as it is. Error: DeployError."""
    with _recorded(session, "hold", sets):
        pause.start_paused(session, sets)
        _open_databases(session, sets)


def _open_databases(session: Session, sets: Sequence[DataSet]) -> None:
    for one in sets:
        if data_set.facts(session.compose, one)["closed"]:
            data_set.query(session.compose, one, _OPEN + _END)


def _reopen(session: Session, sets: Sequence[DataSet]) -> None:
    _open_databases(session, sets)
    pause.resume(session, sets)
    state = read(session.paths)
    if state and state["maintenance"]:
        maintenance.switch_off(session.paths, session.who)
    session.paths.transfer.unlink(missing_ok=True)


def _drain(session: Session, seconds: float, *, leave_tasks: bool) -> None:
    """Wait until no task waits or runs; nothing makes one meanwhile."""
    deadline = time.monotonic() + seconds
    while left := unfinished(session.paths, session.compose.shell):
        if time.monotonic() > deadline and leave_tasks:
            session.output.show(f"not moved: {left}")
            return
        if time.monotonic() > deadline:
            raise DeployError(
                f"after {seconds:g} s the queue is not empty: {left}. The server is open again, "
                f"and nothing was lost: see fks celery; --leave-tasks goes on without them"
            )
        time.sleep(_POLL_SECONDS)


@contextmanager
def _recorded(session: Session, what: str, sets: Sequence[DataSet]) -> Iterator[None]:
    names, result = ", ".join(one.name for one in sets), "failed"
    try:
        yield
        result = "ok"
    finally:
        text = f"{what} {names}: {result}"
        journal.record(session.paths.journal, "transfer", session.who, result=result, text=text)
