"""Stops stacks: they stay stopped, also after a boot, until they are started."""

from .. import containers, deep_health, nginx, stops
from ..output import now
from .entry import recorded
from .session import Session

# Seconds; longer than the stop_grace_period of all services together.
TIMEOUT = 400.0


def stop(session: Session, *, force: bool) -> None:
    """Mark the stacks, then stop their containers; with `force` end them at once. The edge goes
    first, when no stack is left: it finishes running requests and accepts no new ones.

    Error: DeployError, after which the stacks are marked, and some containers may run."""
    with recorded(session, "stop", forced=force) as report:
        report.run("mark", lambda: _mark(session))
        if not force and _edge_stops(session):
            report.run("drain", lambda: _stop(session, [nginx.SERVICE]))
        report.run("kill" if force else "stop", lambda: _stop(session, _running(session), force))
        report.run("health", lambda: _refresh_health(session))


def _mark(session: Session) -> str:
    stop = stops.Stop(now(), session.who, session.reason)
    stops.mark(session.paths, session.roles, stop)
    return f"stay stopped until they are started: {', '.join(session.roles)}"


def _edge_stops(session: Session) -> bool:
    return nginx.SERVICE in _running(session)


def _running(session: Session) -> list[str]:
    """The services of stopped stacks whose containers are not stopped."""
    compose = session.compose
    stopped = stops.load(session.paths)
    return sorted(
        one.service
        for one in containers.of_project(compose.shell, compose.release.project)
        if not one.one_off
        and one.status in ("running", "paused", "restarting")
        and compose.release.placement.is_stopped(one.service, stopped)
    )


def _stop(session: Session, services: list[str], force: bool = False) -> str:
    if not services:
        return "nothing runs"
    if force:
        session.compose.kill(services)
    else:
        session.compose.stop(services, TIMEOUT)
    return ", ".join(services)


def _refresh_health(session: Session) -> str:
    """Not later, by its timer: until then /health/deep would be that of running stacks."""
    deep_health.refresh(session.compose.shell, session.paths)
    return ""
