"""A server with a data set, whose PostgreSQL is in memory."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from host.fks_deploy import deep_health, probe
from host.fks_deploy.backup import copies
from host.fks_deploy.compose import Compose
from host.fks_deploy.errors import DeployError
from host.fks_deploy.output import Output
from host.fks_deploy.paths import Paths
from host.fks_deploy.probe import Probe
from host.fks_deploy.redact import Redactor
from host.fks_deploy.restore import caches, checks, exchange, exchange_steps, prepare, record
from host.fks_deploy.restore.database import Entry, Tables
from host.fks_deploy.restore.record import Record
from host.fks_deploy.restore.source import Choice, Source
from host.fks_deploy.restore.target import Target
from host.fks_deploy.stack.session import Session
from host.fks_deploy.timeouts import Timeouts

SET = Target(
    name="api",
    service="api-postgres",
    job="db-restore",
    database="trading",
    user="fks",
    writers=("api", "api-worker"),
    caches=("api-cache",),
)
OLD, NEW = 100, 200
ROWS: Tables = {"public.trades": [3, "17"], "fks_backup.canary": [1, "5"]}


class Killed(BaseException):
    """SIGKILL: nothing in the program handles it."""


@dataclass
class FakeServer:
    """`databases` by name; `failing` are calls that raise DeployError, with how often; `killed` is
    the call before which the program ends. `calls` are those that were made."""

    databases: dict[str, int] = field(default_factory=lambda: {"trading": OLD})
    failing: dict[str, int] = field(default_factory=dict)
    killed: str = ""
    calls: list[str] = field(default_factory=list)
    contents: dict[str, Tables] = field(default_factory=dict)
    tasks: str | None = ""

    def unfinished(self) -> str:
        """Celery's tasks; None for a queue that does not answer."""
        if self.tasks is None:
            raise DeployError("the queue does not answer")
        return self.tasks

    def call(self, name: str) -> None:
        if self.killed == name:
            raise Killed
        self.calls.append(name)
        if self.failing.get(name, 0):
            self.failing[name] -= 1
            raise DeployError(f"{name} failed")

    def checked(self) -> list[str]:
        self.call("check")
        return ["a warning"]


@dataclass
class FakeDatabase:
    """As database.Database."""

    server: FakeServer
    of: Target = SET

    def query(self, sql: str, *_: Any) -> str:
        if "CREATE DATABASE" in sql:
            self.server.call("create")
            self.server.databases[self.of.restoring] = NEW
        return ""

    def entries(self) -> dict[str, Entry]:
        return {name: Entry(oid, oid << 20) for name, oid in self.server.databases.items()}

    def tables(self, database: str, checksums: str) -> Tables:
        assert checksums == "rows"
        self.server.call(f"tables {database}")
        return self.server.contents.get(database, ROWS)

    @contextmanager
    def reading(self, checksums: str) -> Iterator[Callable[[], Tables]]:
        yield lambda: self.tables(self.of.database, checksums)

    def rename(self, goal: int) -> bool:
        self.server.call("rename")
        found = self.server.databases
        if found["trading"] == goal:
            return False
        aside = self.of.restoring if found.get(self.of.restoring) == goal else self.of.before
        kept = self.of.before if aside == self.of.restoring else self.of.restoring
        found[kept] = found["trading"]
        found["trading"] = found.pop(aside)
        return True

    def drop(self, name: str) -> None:
        self.server.call(f"drop {name}")
        self.server.databases.pop(name, None)


@dataclass
class FakeJob:
    """As job.Job."""

    server: FakeServer

    def remove(self) -> None:
        self.server.call("remove job")

    def restore(self, source: Source, database: str) -> None:
        assert (source.file, database) == ("trading-20261127T022000Z.dump", SET.restoring)
        self.server.call("restore")


@dataclass
class Case:
    """A session on the server."""

    server: FakeServer
    paths: Paths
    session: Session

    @property
    def record(self) -> Record:
        found = record.load(self.paths, "api")
        assert found is not None
        return found

    @contextmanager
    def killed_before(self, call: str) -> Iterator[None]:
        """The program ends at this call in the block."""
        self.server.killed = call
        with pytest.raises(Killed):
            yield
        self.server.killed = ""

    def volume(self, name: str = "api-data") -> Path:
        """The directory of a volume, which exists from then on."""
        place = self.paths.root / "volumes" / name / "_data"
        place.mkdir(parents=True, exist_ok=True)
        return place

    def dump(self, name: str = "20261127T022000Z", verdict: str = "ok") -> Path:
        """A dump with its list of tables, and its certificate if there is a verdict."""
        directory = self.paths.root / "var/backups/fks/postgres"
        directory.mkdir(parents=True, exist_ok=True)
        file = directory / f"trading-{name}.dump"
        file.write_text("dump")
        lines = ['{"postgres" : "17.5", "bytes" : 1000}']
        lines += [f'["{table}", {row[0]}, "{row[1]}"]' for table, row in ROWS.items()]
        file.with_suffix(".tables").write_text("\n".join(lines) + "\n")
        if verdict:
            text = f'{{"verdict": "{verdict}", "text": "pg_restore failed"}}'
            file.with_suffix(".proof.json").write_text(text)
        return file

    def prepared(self) -> None:
        """The dump is in the second database."""
        self.dump()
        prepare.prepare(self.session, SET, Choice())
        self.server.calls.clear()


def fetch(dump: Path, place: Path) -> None:
    """As repository.fetch: copy a dump, and what is beside it, to `place`."""
    place.mkdir(exist_ok=True)
    for file in dump.parent.iterdir():
        (place / file.name).write_bytes(file.read_bytes())


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    server, paths = FakeServer(), Paths(tmp_path)
    compose = _compose(server, paths)
    for module in (prepare, exchange, exchange_steps):
        monkeypatch.setattr(module, "Database", lambda *_: FakeDatabase(server))
    monkeypatch.setattr(prepare, "Job", lambda *_: FakeJob(server))
    monkeypatch.setattr(checks, "run", lambda *_: server.checked())
    monkeypatch.setattr(probe, "wait", lambda *_: server.call("probe"))
    monkeypatch.setattr(copies, "volume", lambda _, name: _volume(tmp_path, name))
    monkeypatch.setattr(caches, "empty", lambda *_: server.call("empty"))
    monkeypatch.setattr(deep_health, "refresh", lambda *_: [])
    monkeypatch.setattr(exchange_steps, "unfinished", lambda *_: server.unfinished())
    session = Session(compose, ("api",), "ann", "", Timeouts())
    return Case(server, paths, session)


def _volume(root: Path, name: str) -> Path | None:
    """None for one that does not exist; that of a data set without `_data` does, as in Docker."""
    place = root / "volumes" / name
    return place / "_data" if place.exists() else None


def _compose(server: FakeServer, paths: Paths) -> Compose:
    probes = (Probe("api", "api.example.org", "/"), Probe("web", "web.example.org", "/"))
    domains: Mapping[str, str] = {"api": "api.example.org", "web": "web.example.org"}
    release = SimpleNamespace(
        digest="abc", placement=SimpleNamespace(domains=domains), probes=probes
    )
    output = Output(paths.log, Redactor(()))

    def stop(services: list[str], _: float, grace: int | None = None) -> None:
        server.call(f"stop {' '.join(services)}" + (f" within {grace} s" if grace else ""))

    def start(services: list[str], _: float) -> None:
        server.call(f"start {' '.join(services)}")

    shell = SimpleNamespace(output=output)
    found = SimpleNamespace(
        shell=shell, paths=paths, release=release, address="", stop=stop, start_only=start
    )
    return cast(Compose, found)
