"""The dump that a restore reads, of this server or of a snapshot, with what it must contain."""

import hashlib
import json
import shutil
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .. import clock
from ..backup import certificate, point_in_time, repository
from ..backup.data_set import SETS
from ..compose import Compose
from ..errors import DeployError, InputError
from ..paths import Paths
from ..shell import Shell
from ..status import backup
from ..terminal import print_line
from ..watch.utc import iso
from .database import Tables, parse
from .target import Target

LATEST = "latest"
# In the directory of a snapshot, written when all of it is there.
_COMPLETE = "snapshot"


@dataclass(frozen=True)
class Source:
    """`file` is in `directory`; `snapshot` is "" for a dump on this server. `manifest` is the first
    line of the dump's list of tables (compose/lib/backup/dump.sql), `proved` whether a restore has
    proved it."""

    directory: Path
    file: str
    snapshot: str
    made: str
    bytes: int
    manifest: Mapping[str, Any]
    tables: Tables
    proved: bool

    @property
    def checksums(self) -> str:
        """The kind of those in `tables` (compose/lib/backup/tables.sql)."""
        return str(self.manifest.get("checksums", "rows"))

    @property
    def foreign(self) -> bool:
        """Whether it was made by a server with other roles (fks_infra/migrate/legacy_dump.py)."""
        return bool(self.manifest.get("foreign"))


@dataclass(frozen=True)
class Choice:
    """What the operator named: a dump on this server, a snapshot, a time, or nothing; `queue`: the
    waiting tasks of the snapshot too."""

    dump: str = ""
    snapshot: str = ""
    time: str = ""
    queue: bool = False


def find(paths: Paths, shell: Shell, target: Target, choice: Choice) -> Source:
    """Without a choice the newest dump that a restore has proved, on a server without one the
    newest snapshot. A snapshot is fetched once.

    Error: InputError for a name that is no dump, DeployError for one that cannot be restored."""
    dump = choice.dump or ("" if choice.snapshot else _newest(paths.dumps, target.database))
    return _dump(paths.dumps, dump) if dump else _snapshot(paths, shell, target.name, choice)


def recovered(compose: Compose, target: Target, time: str) -> Source:
    """The data of `time` (ISO 8601, UTC, or latest), from the write-ahead log. Error: DeployError
    where it is not kept or does not reach the time."""
    line, dump = point_in_time.recover(compose, SETS[target.name], time)
    print_line(line, sys.stderr)
    found = _read(dump, "", proved=True)
    return found if time == LATEST else replace(found, made=time)


def forget(paths: Paths, name: str) -> None:
    """Delete what was fetched of a snapshot."""
    shutil.rmtree(_place(paths, name), ignore_errors=True)


def _newest(directory: Path, database: str) -> str:
    """The name of the newest proved dump, without those from the future; "" for none."""
    latest = time.time() + clock.AHEAD
    found = sorted(directory.glob(f"{database}-*.dump"), reverse=True)
    dumps = [one for one in found if one.stat().st_mtime <= latest]
    proved = (one.name for one in dumps if (backup.proof(one) or {}).get("verdict") == "ok")
    return next(proved, "")


def _dump(directory: Path, name: str) -> Source:
    file = directory / name
    if file.parent != directory or not file.is_file():
        raise InputError(f"--dump is {name!r}, which is no file in {directory}: ls {directory}")
    proof = backup.proof(file)
    if proof and proof["verdict"] != "ok":
        raise DeployError(f"the dump {name} is bad: {proof['text']}. Choose another one by --dump")
    return _read(file, "", proved=bool(proof))


def _snapshot(paths: Paths, shell: Shell, name: str, choice: Choice) -> Source:
    wanted = "" if choice.snapshot == LATEST else choice.snapshot
    found = repository.opened(paths, shell, name).snapshot(wanted).id
    known = [one for one in certificate.read(paths, name) if one["snapshot"] == found]
    if known and known[-1]["verdict"] != "ok":
        raise DeployError(
            f"the snapshot {found} is bad: {known[-1]['text']}. fks backups lists the others, "
            f"choose one by --snapshot"
        )
    place = _place(paths, name)
    complete = place / _COMPLETE
    if not complete.is_file() or complete.read_text() != found:
        forget(paths, name)
        repository.fetch(paths, shell, name, found, place)
        owner = paths.dumps.stat().st_uid
        shutil.chown(place, owner, owner)
        complete.write_text(found)
    return _read(repository.dump_in(place), found, proved=bool(known))


def _place(paths: Paths, name: str) -> Path:
    return paths.backups / f".restore-{name}"


def _read(file: Path, snapshot: str, *, proved: bool) -> Source:
    """Error: DeployError without the list of tables, and for another file than that of its list."""
    try:
        first, _, rest = file.with_suffix(".tables").read_text().partition("\n")
        found = Source(
            directory=file.parent,
            file=file.name,
            snapshot=snapshot,
            made=iso(file.stat().st_mtime),
            bytes=file.stat().st_size,
            manifest=json.loads(first),
            tables=parse(rest),
            proved=proved,
        )
    except (OSError, ValueError) as error:
        raise DeployError(
            f"the dump {file.name} has no readable list of tables ({error}), so that its rows "
            f"cannot be compared. Choose another one by --dump or --snapshot"
        ) from error
    # A dump of another program (fks migrate from) has none.
    if (written := found.manifest.get("sha256")) and written != _sha256(file):
        raise DeployError(
            f"the dump {file.name} is not the file that was written: its checksum differs. Choose "
            f"another one by --dump or --snapshot"
        )
    return found


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
