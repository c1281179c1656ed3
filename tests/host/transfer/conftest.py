"""A server whose PostgreSQL and whose queue are recorded."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from host.fks_deploy.errors import DeployError
from host.fks_deploy.paths import Paths
from host.fks_deploy.timeouts import Timeouts
from host.fks_deploy.transfer import data_set, gate, pause
from host.fks_deploy.transfer.data_set import DataSet

API = DataSet(
    name="api",
    service="api-postgres",
    database="fks",
    user="fks_user",
    job="db-backup",
    volumes=("api-data",),
)
AUTH = DataSet(
    name="auth",
    service="auth-postgres",
    database="authentik",
    user="authentik",
    job="auth-db-backup",
    volumes=("auth-data",),
)


@dataclass
class Closing:
    """`statements` were run, `pauses` are the calls of transfer/pause.py; `left` are the tasks at
    each look at the queue, `delivered` those that a worker has; `fails` is a set whose database
    does not answer, or a pause."""

    paths: Paths
    session: Any
    statements: list[str] = field(default_factory=list)
    pauses: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    delivered: int = 0
    closed: set[str] = field(default_factory=set)
    fails: str = ""

    def query(self, _compose: Any, data: DataSet, sql: str) -> str:
        if "json_build_object" in sql:
            return json.dumps({"bytes": 7, "closed": data.name in self.closed})
        if data.name == self.fails:
            raise DeployError(f"psql in {data.service} failed")
        self.statements.append(f"{data.name}: {sql.partition(';')[0]}")
        (self.closed.add if " SET default" in sql else self.closed.discard)(data.name)
        return ""

    def recorded(self, name: str) -> Callable[..., str]:
        def call(*_: Any, **__: Any) -> str:
            self.pauses.append(name)
            if name == self.fails:
                raise DeployError(f"{name} failed")
            return ""

        return call

    def unfinished(self, *_: Any) -> str:
        waiting = self.left.pop(0) if self.left else 0
        planned = f"{self.delivered} wait for their time"
        return f"{waiting} tasks wait, 0 run, and {planned}" if waiting or self.delivered else ""


@pytest.fixture
def closing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Closing:
    paths = Paths(tmp_path)
    paths.transfer.parent.mkdir(parents=True)
    compose = SimpleNamespace(shell=None, paths=paths)
    session = SimpleNamespace(paths=paths, compose=compose, who="me", timeouts=Timeouts())
    found = Closing(paths, session)
    session.output = SimpleNamespace(show=found.shown.append)
    for name in ("pause", "resume", "start_paused"):
        monkeypatch.setattr(pause, name, found.recorded(name.replace("_", " ")))
    monkeypatch.setattr(data_set, "query", found.query)
    monkeypatch.setattr(gate, "unfinished", found.unfinished)
    monkeypatch.setattr(gate, "_POLL_SECONDS", 0)
    return found
