"""The inspection as it runs in a container, with a stand-in for Celery."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from host.fks_deploy.queues import workers
from tests.host.server import REPOSITORY
from tests.host.watch.server import WatchedServer

PROGRAM = REPOSITORY / "host/fks_deploy/queues/inspect_workers.py"
# Two workers; the second one does not answer the last question.
CELERY = """
import sys

class Inspect:
    def active_queues(self):
        return {"worker@2": [{"name": "model_training"}],
                "worker@1": [{"name": "trading"}, {"name": "celery"}]}

    def active(self):
        return {"worker@1": [{"id": "t", "name": "train", "args": ["canary"], "time_start": 5.5,
                              "delivery_info": {"routing_key": "celery"}}], "worker@2": []}

    def stats(self):
        return {"worker@1": {"pool": {"max-concurrency": 2}}}


class Celery:
    def __init__(self, broker):
        assert broker == "redis://queue"
        self.conf = {}
        self.control = self

    def inspect(self, timeout, limit):
        assert limit == (2 if sys.argv[1] == "2" else None)
        return Inspect()
"""


def inspected(directory: Path, celery: str, expected: int = 2) -> subprocess.CompletedProcess[str]:
    (directory / "celery.py").write_text(celery)
    return subprocess.run(
        [sys.executable, "-", str(expected)],
        input=PROGRAM.read_text(),
        env={"PYTHONPATH": str(directory), "CELERY_BROKER_URL": "redis://queue"},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_workers_and_running_tasks_without_arguments(tmp_path: Path) -> None:
    done = inspected(tmp_path, CELERY)
    assert json.loads(done.stdout) == {
        "workers": [
            {"name": "worker@1", "queues": ["celery", "trading"], "processes": 2},
            {"name": "worker@2", "queues": ["model_training"], "processes": None},
        ],
        "tasks": [
            {"id": "t", "name": "train", "queue": "celery", "worker": "worker@1", "started": 5.5}
        ],
    }


@pytest.mark.parametrize("expected", [0, 2])
def test_no_worker_answers(tmp_path: Path, expected: int) -> None:
    silent = CELERY.replace("return {", "return None and {")
    found = json.loads(inspected(tmp_path, silent, expected).stdout)
    assert found == {"workers": [], "tasks": []}


def test_the_program_is_sent_by_standard_input(watched: WatchedServer) -> None:
    watched.answer("docker exec", '{"workers": [], "tasks": []}')
    assert workers.inspect(watched.shell, "c0ffee", 1) == {"workers": [], "tasks": []}
    (call,) = watched.shell.calls
    assert call == [
        *("docker", "exec", "-i", "c0ffee", "/bin/sh", "/fks/with-secrets.sh", "python", "-", "1")
    ]
