"""Celery's queues, workers and running tasks, as the API's server reports them, and for people."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from fks_infra.operate.age import seconds
from fks_infra.operate.login import Login
from fks_infra.operate.table import plain_table
from fks_infra.remote.host_scripts import host_program

SERVICE = "api-queue"
_PROGRAM = "celery"
# Seconds; the workers' answers take some.
_SECONDS = 60.0
# The watch looks once a minute.
_SAMPLED = 60
# As host/fks_deploy/queues/report.py documents it.
Document = Mapping[str, Any]


def read(login: Login) -> Document:
    """The report; OperatorError if the server is not reached."""
    return dict(json.loads(login.output(host_program(_PROGRAM), _SECONDS)))


def purge(login: Login, queue: str) -> int:
    """Delete the waiting tasks of a queue; returns their number."""
    text = login.output(host_program(_PROGRAM, "--purge", queue), _SECONDS)
    return int(json.loads(text)["purged"])


def tables(document: Document) -> Iterator[RenderableType]:
    """Three tables, without one that could not be read, then the problems."""
    if (queues := document["queues"]) is not None:
        rows = [(one["name"], str(one["waiting"]), _oldest(one)) for one in queues]
        yield _table(("queue", "waiting", "oldest task"), rows)
    if (workers := document["workers"]) is not None:
        rows = [(one["name"], str(one["processes"]), ", ".join(one["queues"])) for one in workers]
        yield _table(("worker", "processes", "queues"), rows)
    if (tasks := document["tasks"]) is not None:
        rows = [(one["name"], one["worker"], _age(one["seconds"])) for one in tasks]
        yield _table(("running task", "worker", "since"), rows)
    yield from (Text(problem, style="red") for problem in document["problems"])


def _oldest(queue: Mapping[str, Any]) -> str:
    if not queue["waiting"]:
        return "-"
    waited = queue["oldest"]
    if waited is None:
        return "not known"
    return f"at least {seconds(waited)}" if waited >= _SAMPLED else "less than 2 min"


def _age(since: float | None) -> str:
    return "not known" if since is None else seconds(since)


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    return plain_table(titles, rows or [["none", *[""] * (len(titles) - 1)]])
