"""Stops stacks: they stay stopped, also after a boot, until they are started."""

from .. import containers, deep_health, nginx, stops
from ..output import now
from .entry import recorded
from .session import Session

# Seconds; longer than the stop_grace_period of all services together.
TIMEOUT = 400.0


def stop(session: Session, *, force: bool) -> None:
    """Mark the stacks, then stop their containers; with `force` end them at once.

    Error: DeployError, after which the stacks are marked, and some containers may run."""
    with recorded(session, "stop", forced=force) as report:
        report.run("mark", lambda: mark(session))
        if not force:
            report.run("drain", lambda: _drain(session))
        report.run("stop", lambda: stop_containers(session, force=force))
        report.run("health", lambda: _refresh_health(session))


def mark(session: Session) -> str:
    """Write the markers; returns a note."""
    stop = stops.Stop(now(), session.who, session.reason)
    stops.mark(session.paths, session.roles, stop)
    return f"stopped until they are started: {', '.join(session.roles)}"


def stop_containers(session: Session, *, force: bool) -> str:
    """Stop all containers of stopped stacks, each before those that it depends on; returns their
    services. Error: CommandFailedError."""
    return _stop(session, running(session), force=force)


def _drain(session: Session) -> str:
    """The edge, when no stack is left: it finishes running requests and accepts no new ones."""
    return _stop(session, [one for one in running(session) if one == nginx.SERVICE], force=False)


def running(session: Session) -> list[str]:
    """The services of stopped stacks whose containers are not stopped."""
    compose = session.compose
    stopped = stops.load(session.paths)
    return sorted(
        one.service
        for one in containers.of_project(compose.shell, compose.release.project)
        if not one.one_off
        and one.status in containers.ACTIVE
        and compose.release.placement.is_stopped(one.service, stopped)
    )


def _stop(session: Session, services: list[str], *, force: bool) -> str:
    if not services:
        return "nothing to stop"
    if force:
        session.compose.kill(services)
    else:
        session.compose.stop(services, TIMEOUT)
    return ", ".join(services)


def _refresh_health(session: Session) -> str:
    """Not later, by its timer: until then /health/deep would be that of running stacks."""
    deep_health.refresh(session.compose.shell, session.paths)
    return ""
