import json
from typing import Any

import pytest

from host.fks_deploy.errors import DeployError
from host.fks_deploy.paths import Paths
from host.fks_deploy.queues import broker, report, workers
from host.fks_deploy.queues.broker import Waiting
from host.fks_deploy.shell import CommandFailedError
from tests.host.watch.server import NOON, WatchedServer

ANSWERS: dict[str, Any] = {
    "workers": [{"name": "worker@1", "queues": ["celery", "trading"], "processes": 2}],
    "tasks": [
        {"id": "t", "name": "train", "queue": "celery", "worker": "worker@1", "started": NOON - 90}
    ],
}
RUNNING = "c1 running api-queue -\nc2 exited api-worker -\nc3 running api-beat -\n"


@pytest.fixture
def server(watched: WatchedServer, monkeypatch: pytest.MonkeyPatch) -> WatchedServer:
    """A worker that runs a task; two tasks wait."""
    watched.answer("docker ps", RUNNING)
    waiting = {"celery": Waiting(2, "b", frozenset("ab"))}
    monkeypatch.setattr(broker, "waiting", lambda _, container: {"c1": waiting}[container])
    answers = {("c3", 0): ANSWERS, ("c2", 1): ANSWERS}
    monkeypatch.setattr(workers, "inspect", lambda _, *words: answers[words])
    return watched


def read(server: WatchedServer) -> dict[str, Any]:
    return report.report(Paths(server.root), server.shell, NOON)


def test_queues_with_tasks_and_those_that_are_consumed(server: WatchedServer) -> None:
    samples = {"time": NOON - 30, "queues": {"celery": [[NOON - 330, "a"]]}}
    server.file("var/lib/fks/queue-samples.json", json.dumps(samples))
    assert read(server) == {
        "time": "2027-01-15T08:00:00Z",
        "queues": [
            {"name": "celery", "waiting": 2, "oldest": 330},
            {"name": "trading", "waiting": 0, "oldest": None},
        ],
        "workers": ANSWERS["workers"],
        "tasks": [
            {"id": "t", "name": "train", "queue": "celery", "worker": "worker@1", "seconds": 90}
        ],
        "problems": [],
    }


def test_as_many_answers_are_expected_as_workers_run(server: WatchedServer) -> None:
    server.answer("docker ps", RUNNING.replace("exited api-worker", "running api-worker"))
    assert read(server)["workers"] == ANSWERS["workers"]


def test_without_samples_the_age_is_not_known(server: WatchedServer) -> None:
    assert read(server)["queues"][0]["oldest"] is None


def test_workers_that_cannot_be_asked_leave_the_queues(
    server: WatchedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> dict[str, Any]:
        raise CommandFailedError("the inspection of Celery's workers exited with 1: no")

    monkeypatch.setattr(workers, "inspect", fail)
    found = read(server)
    assert (found["workers"], found["tasks"]) == (None, None)
    assert found["queues"] == [{"name": "celery", "waiting": 2, "oldest": None}]
    assert found["problems"] == ["the inspection of Celery's workers exited with 1: no"]


def test_a_queue_that_does_not_run_is_named(server: WatchedServer) -> None:
    server.answer("docker ps", RUNNING.replace("running api-queue", "exited api-queue"))
    found = read(server)
    assert (found["queues"], found["workers"]) == (None, ANSWERS["workers"])
    assert found["problems"] == ["no container runs of api-queue"]


def test_a_purge_needs_the_queue(server: WatchedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker, "purge", lambda _, container, queue: len(container + queue))
    assert report.purge(server.shell, "celery") == len("c1celery")
    server.answer("docker ps", "")
    with pytest.raises(DeployError, match="no container runs of api-queue"):
        report.purge(server.shell, "celery")
