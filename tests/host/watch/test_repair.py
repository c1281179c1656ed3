"""Which containers are restarted, and how often."""

import json
from pathlib import Path

import pytest

from host.fks_deploy.lock import deploy_lock
from host.fks_deploy.watch.repair import PAUSE, repair
from tests.host.watch.server import NOON, WatchedServer, container

WORKER, BROKER = container("api-worker"), container("api-queue")


@pytest.fixture
def deployed(watched: WatchedServer) -> WatchedServer:
    watched.paths.current.parent.mkdir(parents=True)
    watched.paths.current.symlink_to(Path("releases", "a" * 64))
    return watched


def round_trip(watched: WatchedServer, status: str, failed_for: float) -> None:
    part = {"status": status, "since": NOON - failed_for}
    watched.file(
        "var/lib/fks/deep/api.json", json.dumps({"checked": NOON, "parts": {"queue": part}})
    )


def test_an_unhealthy_container_is_restarted_once_in_half_an_hour(deployed: WatchedServer) -> None:
    deployed.containers(container("edge"), container("api-worker", health="unhealthy"))
    for minute in range(30):
        repair(deployed.context(NOON + 60 * minute))
    assert deployed.restarted() == ["id-of-api-worker"]
    assert deployed.state.history.events == [
        "2027-01-15T08:00:00Z container api-worker was unhealthy and was restarted"
    ]
    repair(deployed.context(NOON + PAUSE))
    assert len(deployed.restarted()) == 2
    lines = [json.loads(line) for line in deployed.paths.journal.read_text().splitlines()]
    text = "container api-worker was unhealthy and was restarted"
    assert [(one["kind"], one["text"]) for one in lines] == [("restart", text)] * 2


@pytest.mark.parametrize("status", ["paused", "restarting", "exited"])
def test_a_container_that_was_stopped_is_left_alone(deployed: WatchedServer, status: str) -> None:
    deployed.containers(container("api", status, "unhealthy"))
    repair(deployed.context())
    assert deployed.restarted() == []


@pytest.mark.parametrize(("code", "restarted"), [(137, ["id-of-api"]), (143, [])])
def test_a_container_that_was_killed_is_restarted(
    deployed: WatchedServer, code: int, restarted: list[str]
) -> None:
    deployed.containers(container("api", "exited", "unhealthy", code))
    repair(deployed.context())
    assert deployed.restarted() == restarted
    text = "container api had ended with exit code 137 and was restarted"
    assert [text in one for one in deployed.state.history.events] == [True] * len(restarted)


def test_a_container_that_runs_once_is_not_restarted(deployed: WatchedServer) -> None:
    once = container("migration", "exited", code=1)
    once["HostConfig"]["RestartPolicy"]["Name"] = "no"
    deployed.containers(once)
    repair(deployed.context())
    assert deployed.restarted() == []


def test_nothing_is_restarted_while_a_deploy_runs(deployed: WatchedServer) -> None:
    deployed.containers(container("api", health="unhealthy"))
    with deploy_lock(deployed.paths.lock, "b" * 64, "deploy", 0):
        repair(deployed.context())
    assert (deployed.restarted(), deployed.state.restarts) == ([], {})
    repair(deployed.context())
    assert deployed.restarted() == ["id-of-api"]


def test_a_restart_that_fails_is_an_event(deployed: WatchedServer) -> None:
    deployed.containers(container("api", health="unhealthy"))
    deployed.answer("docker restart", None)
    repair(deployed.context())
    (event,) = deployed.state.history.events
    assert event.endswith("its restart failed: docker exited with 1: out of order")


@pytest.mark.parametrize(
    ("status", "failed_for", "restarted"),
    [
        ("healthy", 9000, []),
        ("unhealthy", 0, []),
        ("unhealthy", 60, ["id-of-api-worker"]),
    ],
)
def test_a_worker_that_twice_returned_no_task_is_restarted(
    deployed: WatchedServer, status: str, failed_for: float, restarted: list[str]
) -> None:
    deployed.containers(WORKER, BROKER)
    round_trip(deployed, status, failed_for)
    repair(deployed.context())
    assert deployed.restarted() == restarted


def test_a_worker_is_not_restarted_while_the_queue_is_down(deployed: WatchedServer) -> None:
    deployed.containers(WORKER, container("api-queue", "exited"))
    round_trip(deployed, "unhealthy", 600)
    repair(deployed.context())
    assert deployed.restarted() == []


def test_an_old_result_restarts_no_worker(deployed: WatchedServer) -> None:
    deployed.containers(WORKER, BROKER)
    round_trip(deployed, "unhealthy", 600)
    repair(deployed.context(NOON + 601))
    assert deployed.restarted() == []
