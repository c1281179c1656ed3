import json
from typing import Any, cast

import pytest
from rich.console import Console

from fks_infra.operate import celery
from fks_infra.operate.login import Login

DOCUMENT: dict[str, Any] = {
    "time": "2026-11-27T10:00:00Z",
    "queues": [
        {"name": "celery", "waiting": 3, "oldest": 730},
        {"name": "default", "waiting": 1, "oldest": 0},
        {"name": "model_training", "waiting": 5, "oldest": None},
        {"name": "trading", "waiting": 0, "oldest": None},
    ],
    "workers": [{"name": "worker@c0ffee", "queues": ["celery", "default"], "processes": 2}],
    "tasks": [
        {"id": "1", "name": "train", "queue": "celery", "worker": "worker@c0ffee", "seconds": 65}
    ],
    "problems": [],
}


class Server:
    """Answers commands, in the place of a login."""

    def __init__(self, answer: Any) -> None:
        self.answer = json.dumps(answer)
        self.commands: list[str] = []

    def output(self, command: str, seconds: float) -> str:
        assert seconds == 60
        self.commands.append(command)
        return self.answer


def shown(document: dict[str, Any], width: int = 80) -> list[str]:
    console = Console(width=width, color_system=None, highlight=False)
    with console.capture() as capture:
        for table in celery.tables(document):
            console.print(table)
    return [line.rstrip() for line in capture.get().splitlines()]


def test_queues_workers_and_running_tasks() -> None:
    assert shown(DOCUMENT) == [
        "queue           waiting  oldest task",
        "celery          3        at least 12 min",
        "default         1        less than 2 min",
        "model_training  5        not known",
        "trading         0        -",
        "worker         processes  queues",
        "worker@c0ffee  2          celery, default",
        "running task  worker         since",
        "train         worker@c0ffee  65 s",
    ]


def test_a_part_that_could_not_be_read_is_left_out_and_named() -> None:
    partly = {**DOCUMENT, "workers": None, "tasks": None, "problems": ["no container runs"]}
    lines = shown(partly)
    assert lines[-1] == "no container runs"
    assert not any(line.startswith(("worker", "running")) for line in lines)


def test_nothing_runs() -> None:
    assert "none" in shown({**DOCUMENT, "tasks": []})


def test_it_fits_into_60_columns() -> None:
    assert all(len(line) <= 60 for line in shown(DOCUMENT, width=60))


def test_the_report_of_the_server() -> None:
    server = Server(DOCUMENT)
    assert celery.read(cast(Login, server)) == DOCUMENT
    assert server.commands == ["sudo -n /usr/local/lib/fks/current/bin/celery"]


@pytest.mark.parametrize(("queue", "word"), [("celery", "celery"), ("a b", "'a b'")])
def test_a_purge(queue: str, word: str) -> None:
    server = Server({"purged": 3})
    assert celery.purge(cast(Login, server), queue) == 3
    assert server.commands == [f"sudo -n /usr/local/lib/fks/current/bin/celery --purge {word}"]
