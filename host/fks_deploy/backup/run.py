"""One backup of a data set: dump, copy, upload, restore from the repository, proof."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .. import clock, disk_space, env_file
from ..compose import Compose
from ..errors import DeployError, InterruptedDeployError
from ..output import now
from ..shell import CommandFailedError
from . import certificate, copies, jobs, point_in_time, repository, setup, staging
from .certificate import Certificate
from .data_set import DataSet
from .failures import RepositoryError
from .repository import Repository, Snapshot

# Seconds, for a command that reads the clock's state.
_SHORT = 10.0
_NTP = "timedatectl status"


@dataclass(frozen=True)
class Run:
    """`say` shows a line; `seconds` are those that each part took."""

    compose: Compose
    data: DataSet
    say: Callable[[str], None]
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def repository(self) -> Repository:
        return repository.opened(self.compose.paths, self.compose.shell, self.data.name)

    @property
    def server(self) -> str:
        return env_file.parse(self.compose.paths.role.read_text()).get("SERVER", "")

    @contextmanager
    def measured(self, part: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        self.seconds[part] = round(time.monotonic() - started, 1)


def back_up(run: Run) -> Certificate:
    """Make a snapshot and prove it. Errors: DeployError; what was there before is kept."""
    paths, shell, name = run.compose.paths, run.compose.shell, run.data.name
    if ensured := setup.ensure(paths, shell, name):
        run.say(f"{name}: {ensured}")
    run.repository.unlock()
    if _clock(run) is False:
        run.say(f"{name}: the clock is not synchronized, so the backup's time may be wrong: {_NTP}")
    with run.measured("dump"):
        line, dump = jobs.dump(run.compose, run.data)
    run.say(line)
    if point_in_time.kept(run.compose, run.data):
        _base(run)
    place = _stage(run, dump)
    _require_space(run, place)
    with run.measured("upload"):
        found = copies.directories(run.compose, run.data)
        snapshot = run.repository.add([place, *found], run.server)
    run.say(f"upload ok: snapshot {snapshot} in {run.repository.restic.location}")
    proved = prove(run, run.repository.snapshot(snapshot), dump.name)
    if proved["verdict"] == "ok":
        run.repository.forget()
        certificate.remove_others(paths, name, {one.id for one in run.repository.snapshots()})
    return proved


def prove(run: Run, snapshot: Snapshot, file: str) -> Certificate:
    """Restore the snapshot from the repository, prove it, and write the certificate; `file` is its
    dump, as far as it is known. Errors: DeployError when that cannot be told; damage is a
    verdict."""
    place = run.compose.paths.backups / f".proof-{run.data.name}"
    try:
        found = _proof(run, snapshot, file, place)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    certificate.write(run.compose.paths, found)
    run.say(f"proof {found['verdict']}: {found['file'] or snapshot.id}, {found['text']}")
    return found


def _clock(run: Run) -> bool | None:
    """Whether it is synchronized; None when that cannot be told."""
    try:
        return clock.synchronized(run.compose.paths, run.compose.shell, _SHORT)
    except CommandFailedError:
        return None


def _base(run: Run) -> None:
    """A failure ends no backup: the dump is independent of it. That no base backup is new becomes a
    problem of the log."""
    with run.measured("base"):
        try:
            run.say(point_in_time.base(run.compose))
        except InterruptedDeployError:
            raise
        except DeployError as error:
            run.say(str(error))


def _stage(run: Run, dump: Path) -> Path:
    paths, env = run.compose.paths, run.compose.env()
    place = staging.begin(paths, run.data.name, dump)
    copies.copy_queue(run.compose, run.data, place)
    images = {key: value for key, value in env.items() if key.startswith("IMAGE_")}
    release = run.compose.release
    facts = {"set": run.data.name, "server": run.server, "release": release.digest}
    staging.write_manifest(place, dump, {**facts, "images": images})
    return place


def _require_space(run: Run, place: Path) -> None:
    """In a repository on this disk."""
    settings = run.repository.restic.settings
    if settings.kind == "path":
        size = sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
        disk_space.require(Path(settings.repository), size, "run fks backup")


def _proof(run: Run, snapshot: Snapshot, file: str, place: Path) -> Certificate:
    paths, base = run.compose.paths, {"set": run.data.name, "snapshot": snapshot.id}
    shutil.rmtree(place, ignore_errors=True)
    try:
        with run.measured("restore"):
            dump = repository.fetch(paths, run.compose.shell, run.data.name, snapshot.id, place)
    except RepositoryError as error:
        if not error.damage:
            raise
        return bad(run, snapshot, file, str(error))
    owner = paths.dumps.stat().st_uid
    shutil.chown(place, owner, owner)
    with run.measured("proof"):
        found = jobs.prove(run.compose, run.data, place)
    made = {"time": _time(dump), "bytes": dump.stat().st_size}
    return {**base, **found, **made, **_log(run), **_ending(run)}


def _log(run: Run) -> dict[str, Any]:
    """Whether the write-ahead log is whole, where it is kept."""
    if not point_in_time.kept(run.compose, run.data):
        return {}
    log = point_in_time.proof(run.compose)
    run.say(f"log: {log['problem'] or 'whole from {earliest} to {latest}'.format(**log)}")
    return {"log": log}


def bad(run: Run, snapshot: Snapshot, file: str, text: str) -> Certificate:
    """The certificate of a snapshot that cannot be restored."""
    none = {"file": file, "tables": 0, "rows": 0, "bytes": 0, "authentik": ""}
    base = {"set": run.data.name, "snapshot": snapshot.id, "time": snapshot.time}
    return {**base, **none, "verdict": "bad", "text": text, **_ending(run)}


def _ending(run: Run) -> dict[str, object]:
    ending = {"server": run.server, "proved": now(), "seconds": run.seconds}
    return {**ending, "clock": _clock(run)}


def _time(dump: Path) -> str:
    """That of its name."""
    made = datetime.strptime(dump.stem.rpartition("-")[2], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return f"{made:%Y-%m-%dT%H:%M:%SZ}"
