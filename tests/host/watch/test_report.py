from host.fks_deploy.watch import state
from host.fks_deploy.watch.problem import Problem
from host.fks_deploy.watch.report import report
from tests.host.watch.server import NOON, WatchedServer


def test_before_the_first_run(watched: WatchedServer) -> None:
    assert report(watched.paths, NOON) == {
        "webhook": False,
        "age": None,
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
    assert report(watched.paths, NOON) == {
        "webhook": True,
        "age": 30,
        "problems": ["CPU is at 63 %"],
        "delivery_error": "status 404",
    }
