"""The dump that a restore reads, with what it must contain."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import DeployError, InputError
from ..paths import Paths
from ..status import backup
from ..watch.utc import iso
from .data_set import DataSet
from .database import Tables, parse


@dataclass(frozen=True)
class Source:
    """`file` is relative to the directory of the dumps; `manifest` is the first line of the dump's
    list of tables (compose/lib/backup/dump.sql), `proved` whether a restore has proved it."""

    file: str
    made: str
    bytes: int
    manifest: Mapping[str, Any]
    tables: Tables
    proved: bool


def find(paths: Paths, data_set: DataSet, dump: str) -> Source:
    """The dump with this file name, without a name the newest that a restore has proved.

    Error: InputError for a name that is no dump, DeployError for one that cannot be restored."""
    directory = paths.dumps
    name = dump or _newest(directory, data_set.database)
    file = directory / name
    if Path(name).is_absolute() or ".." in Path(name).parts or not file.is_file():
        raise InputError(f"--dump is {name!r}, which is no file in {directory}: ls {directory}")
    proof = backup.proof(file)
    if proof and proof["verdict"] != "ok":
        raise DeployError(f"the dump {name} is bad: {proof['text']}. Choose another one by --dump")
    return _read(file, name, proved=bool(proof))


def _newest(directory: Path, database: str) -> str:
    dumps = sorted(directory.glob(f"{database}-*.dump"), reverse=True)
    for file in dumps:
        if (backup.proof(file) or {}).get("verdict") == "ok":
            return file.name
    raise DeployError(
        f"{directory} has no dump of {database} that a restore has proved ({len(dumps)} dumps). "
        f"Make one by systemctl start fks-backup, or choose one by --dump"
    )


def _read(file: Path, name: str, *, proved: bool) -> Source:
    """Error: DeployError without the list of tables."""
    try:
        first, _, rest = file.with_suffix(".tables").read_text().partition("\n")
        info, manifest = file.stat(), json.loads(first)
        return Source(name, iso(info.st_mtime), info.st_size, manifest, parse(rest), proved)
    except (OSError, ValueError) as error:
        raise DeployError(
            f"the dump {name} has no readable list of tables ({error}), so that its rows cannot be "
            f"compared. Choose another one by --dump"
        ) from error
