from typing import Any

from host.fks_deploy.watch import state
from host.fks_deploy.watch.problem import Problem
from host.fks_deploy.watch.report import report as watch_report
from tests.host.watch.server import NOON, WatchedServer


def report(watched: WatchedServer) -> dict[str, Any]:
    """The report of a server that systemd started 90 s ago."""
    watched.answer("systemctl show", "5000000\n")
    return watch_report(watched.paths, watched.shell, NOON, monotonic=95.2)


def test_before_the_first_run(watched: WatchedServer) -> None:
    assert report(watched) == {
        "webhook": False,
        "age": None,
        "up": 90,
        "problems": [],
        "delivery_error": "",
    }


def test_what_the_last_run_found_without_the_url(watched: WatchedServer) -> None:
    watched.file("etc/fks/alert-webhook", "https://hooks.example.org/canary")
    watched.state.checked = NOON - 30
    cpu, disk = Problem("cpu", "CPU is at 63 %", "top"), Problem("disk", "disk is full", "du")
    for minute in range(10, 0, -1):
        watched.state.history.update([cpu], NOON - 30 - 60 * minute)
    watched.state.history.update([cpu, disk], NOON - 30)
    watched.state.delivery.failed(NOON - 30, "status 404", 0)
    state.save(watched.paths.watch, watched.state)
    assert report(watched) == {
        "webhook": True,
        "age": 30,
        "up": 90,
        "problems": ["CPU is at 63 %"],
        "delivery_error": "status 404",
    }
