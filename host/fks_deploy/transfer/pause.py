"""Stops what uses the databases of a server; the databases run on.

So nothing works on data that are being copied from here, or that others will replace: tasks of the
scheduler would be run by the old and by the new server.
"""

from collections.abc import Iterable, Sequence

from .. import stops
from ..output import now
from ..restore import target
from ..stack import start
from ..stack.entry import recorded
from ..stack.session import Session
from ..stack.stop import TIMEOUT, running
from .data_set import DataSet

_REASON = "data are moved"


def pause(
    session: Session, sets: Sequence[DataSet], but: Iterable[str] = (), grace: int | None = None
) -> str:
    """`but` are services that go on, `grace` the seconds that each has to stop, its own without.
    Again it stops what runs; returns the stopped services. Error: DeployError."""
    services = session.compose.release.placement.services
    for one in sets:
        users = {*target.find(session.compose, one.name).writers} - {*but}
        keeps = tuple(name for name in services[one.name] if name not in users)
        stop = stops.Stop(now(), session.who, _REASON, keeps)
        stops.mark(session.paths, [one.name], stop)
    if found := running(session):
        session.compose.stop(found, TIMEOUT, grace)
    return ", ".join(found)


def resume(session: Session, sets: Sequence[DataSet]) -> None:
    """Start what was stopped by `pause`, and wait until it is healthy. Error: DeployError."""
    paused = [one.name for one in sets if one.name in stops.load(session.paths)]
    users = {name: target.find(session.compose, name).writers for name in paused}
    stops.clear(session.paths, paused)
    for writers in users.values():
        session.compose.start_only(list(writers), session.timeouts.healthy)


def start_paused(session: Session, sets: Sequence[DataSet]) -> None:
    """Start stopped stacks, but for what uses the databases of the sets; of those that run it is
    stopped. Error: DeployError."""
    with recorded(session, "start", paused=[one.name for one in sets]) as report:
        stops.clear(session.paths, session.roles)
        report.run("pause", lambda: pause(session, sets))
        start.start_unmarked(session, report)
