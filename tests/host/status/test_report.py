"""Whole reports."""

import json
from typing import Any

import pytest

from host.fks_deploy import stops
from host.fks_deploy.status.report import report
from host.fks_deploy.watch import state
from host.fks_deploy.watch.problem import Problem
from tests.host.watch.server import NOON, WatchedServer
from tests.host.watch.test_settings import RELEASE

MEMINFO = "MemTotal: 100 kB\nMemAvailable: 5 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n"
PEER = Problem("answer auth", "https://auth.example.org/health/deep: no answer", "curl")


def status(watched: WatchedServer) -> dict[str, Any]:
    """The report, as the operator's side reads it."""
    return dict(json.loads(json.dumps(report(watched.paths, watched.shell, NOON))))


def deploy(watched: WatchedServer, **changes: Any) -> None:
    """Put a release with no probe of its own into service."""
    document = {**RELEASE, "probes": [], "certificates": [], **changes}
    watched.file("opt/fks/releases/abc/release.json", json.dumps(document))
    watched.paths.current.symlink_to("releases/abc")


def texts(document: dict[str, Any]) -> list[str]:
    return [one["text"] for one in document["problems"]]


def test_nothing_is_deployed(watched: WatchedServer) -> None:
    found = status(watched)
    assert (found["server"], found["roles"]) == ("api", ["api"])
    assert found["time"] == "2027-01-15T08:00:00Z"
    assert (found["release"], found["deploy"], found["last_deploy"]) == (None, None, None)
    assert (found["containers"], found["health"], found["certificates"]) == ([], [], {})
    assert texts(found) == ["nothing is deployed"]
    assert found["problems"][0]["command"] == "pulumi up"


def test_nothing_is_deployed_after_a_cleanup(watched: WatchedServer) -> None:
    stops.mark(watched.paths, ["api"], stops.Stop("2026-11-27T10:00:00Z", "ann"))
    found = status(watched)
    assert found["stopped"]["api"]["who"] == "ann"
    assert texts(found) == ["nothing is deployed since fks stop --cleanup-all"]
    assert found["problems"][0]["command"] == "pulumi up --replace '**api-stack-*'; fks start"


def test_a_healthy_server(watched: WatchedServer) -> None:
    deploy(watched)
    found = status(watched)
    assert found["release"]["digest"] == "abc"
    assert (found["clock"], found["reboot"], found["failed_units"]) == (True, [], [])
    assert found["watch"]["webhook"] is False
    assert found["problems"] == []


def test_it_changes_nothing(watched: WatchedServer) -> None:
    deploy(watched)
    before = {path: path.lstat().st_mtime_ns for path in watched.root.rglob("*")}
    status(watched)
    assert {path: path.lstat().st_mtime_ns for path in watched.root.rglob("*")} == before


def test_an_engine_that_is_down_is_one_problem_and_the_rest_is_reported(
    watched: WatchedServer,
) -> None:
    deploy(watched)
    watched.answer("docker ps", None)
    found = status(watched)
    assert found["containers"] is None
    assert texts(found) == ["containers cannot be read: docker exited with 1: out of order"]
    assert found["problems"][0]["command"].startswith("systemctl status docker")
    assert found["clock"] is True


def test_a_journal_that_is_damaged_is_one_problem(watched: WatchedServer) -> None:
    deploy(watched)
    watched.file("var/lib/fks/journal.jsonl", "{")
    found = status(watched)
    assert found["last_deploy"] is None
    assert texts(found)[0].startswith("last deploy cannot be read: ")


def test_a_release_of_an_older_version(watched: WatchedServer) -> None:
    deploy(watched)
    document = {key: value for key, value in RELEASE.items() if key != "watch"}
    watched.file("opt/fks/releases/abc/release.json", json.dumps(document))
    assert texts(status(watched)) == ["release.json lacks the key 'watch': run pulumi up"]


@pytest.mark.parametrize(("age", "listed"), [(60, True), (180, False)])
def test_an_answer_of_a_peer_comes_from_the_last_run_of_the_watch(
    watched: WatchedServer, age: float, listed: bool
) -> None:
    deploy(watched)
    watched.state.history.update([PEER], NOON - 3600)
    watched.state.history.problems[PEER.key].alerted = True
    watched.state.history.update([PEER], NOON - age)
    state.save(watched.paths.watch, watched.state)
    entry = {
        "text": PEER.text,
        "command": PEER.command,
        "since": "2027-01-15T07:00:00Z",
        "alerted": True,
    }
    assert status(watched)["problems"] == ([entry] if listed else [])


def test_a_problem_that_the_watch_has_not_seen_has_no_start(watched: WatchedServer) -> None:
    deploy(watched)
    watched.file("proc/meminfo", MEMINFO)
    (found,) = status(watched)["problems"]
    assert (found["since"], found["alerted"]) == (None, False)
