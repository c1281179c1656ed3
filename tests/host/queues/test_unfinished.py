"""Whether Celery has tasks, from the report of its queues and what workers have taken."""

from typing import Any

import pytest

from host.fks_deploy.paths import Paths
from host.fks_deploy.queues import unfinished as module
from host.fks_deploy.queues.unfinished import unfinished
from tests.host.watch.server import WatchedServer


@pytest.mark.parametrize(
    ("waiting", "running", "taken", "text"),
    [
        (0, 0, 0, ""),
        (2, 0, 0, "2 tasks wait, 0 run, and 0 wait for their time"),
        (0, 1, 1, "0 tasks wait, 1 run, and 0 wait for their time"),
        (0, 1, 3, "0 tasks wait, 1 run, and 2 wait for their time"),
        # It has begun between the two questions.
        (0, 1, 0, "0 tasks wait, 1 run, and 0 wait for their time"),
    ],
)
def test_tasks_that_wait_run_or_have_a_time(
    watched: WatchedServer,
    monkeypatch: pytest.MonkeyPatch,
    waiting: int,
    running: int,
    taken: int,
    text: str,
) -> None:
    watched.answer("docker ps", "c1 running api-queue -\n")
    found: dict[str, Any] = {
        "queues": [{"waiting": waiting}, {"waiting": 0}],
        "tasks": [{}] * running,
        "problems": [],
    }
    monkeypatch.setattr(module, "report", lambda *_: found)
    monkeypatch.setattr(module, "delivered", lambda _, container: {"c1": taken}[container])
    assert unfinished(Paths(watched.root), watched.shell) == text


def test_what_cannot_be_read_is_told(
    watched: WatchedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {"queues": None, "tasks": [], "problems": ["no container runs of api-queue"]}
    monkeypatch.setattr(module, "report", lambda *_: found)
    assert unfinished(Paths(watched.root), watched.shell) == "no container runs of api-queue"
