"""Starts stacks that were stopped, as a deploy of the release in service does."""

from .. import activation, containers, images, interrupts, release_probes, stops
from ..step_report import StepReport
from .entry import recorded
from .session import Session


def start(session: Session) -> None:
    """Remove the markers, start the containers, and wait until all are healthy and every probe
    passes. Stacks that run already stay as they are.

    Error: DeployError, after which the stacks are not marked as stopped any more: the watch
    reports what does not run."""
    with recorded(session, "start") as report:
        report.run("unmark", lambda: _unmark(session))
        start_unmarked(session, report)


def start_unmarked(session: Session, report: StepReport) -> None:
    """Start what no marker stops. Error: DeployError."""
    compose, timeouts = session.compose, session.timeouts
    report.run("images", lambda: _images(session))
    report.run("render", lambda: activation.install(compose))
    try:
        report.run("up", lambda: activation.start(compose, timeouts))
        report.run("nginx", lambda: activation.reload(compose))
        report.run("probe", lambda: release_probes.run(compose, timeouts.probe))
    except Exception:
        interrupts.ignore()
        _show_containers(session)
        raise


def _unmark(session: Session) -> str:
    found = stops.load(session.paths)
    stops.clear(session.paths, session.roles)
    return stops.sentence({role: found[role] for role in session.roles if role in found})


def _images(session: Session) -> str:
    """Pull what was removed meanwhile."""
    compose = session.compose
    images.restore(compose.shell, compose.images.values(), compose.env(), session.timeouts.pull)
    return ""


def _show_containers(session: Session) -> None:
    """State and last log lines of the failing containers."""
    compose = session.compose
    try:
        report = containers.failure_report(compose.shell, compose.release.project)
    except Exception as error:  # noqa: BLE001 - the failure of the start is the one to raise
        report = f"the state of the containers is not available: {error}"
    session.output.show(report)
