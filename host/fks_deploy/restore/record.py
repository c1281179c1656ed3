"""What is known of the restore of a data set: /var/lib/fks/restore/SET.json.

With it the same command goes on after SIGKILL. Which database has which name is read from
PostgreSQL: their identifiers are here.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .. import atomic_file
from ..errors import DeployError
from ..paths import Paths

# `preparing`: begun, repeated from the start. `prepared`: restored and compared, not in service.
# `exchanging`: on the way to the restored data, `undoing`: back to those of before.
# `exchanged`: the restored data are in service. `undone`: those of before, after an exchange.
# `failed`: those of before, because the restored ones were not healthy.
PREPARING, PREPARED, FAILED = "preparing", "prepared", "failed"
EXCHANGING, EXCHANGED = "exchanging", "exchanged"
UNDOING, UNDONE = "undoing", "undone"


@dataclass(frozen=True)
class Record:
    """Times are in UTC as in ISO 8601. `dump` was made at `made`;
    `snapshot` is "" for one of this server. `restored` and `present` are the
    identifiers of the databases, 0 before they are known. `lost` is [{"table", "now", "backup"}] of
    tables that differ, rows, None where there is no such table. `closed` is when requests were
    refused, "" while they are not; `maintenance` whether the restore switched it on. `seconds` is
    how long they were refused, `aside` the bytes of the data that are not in service. `files` maps
    volumes to the inode numbers of their restored and their present directory; {} for a dump, which
    has no files. `roles` are those that were missing and have been created without a password."""

    state: str
    since: str
    who: str
    dump: str
    made: str
    snapshot: str = ""
    proved: bool = False
    restored: int = 0
    present: int = 0
    rows: int = 0
    lost: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    closed: str = ""
    maintenance: bool = False
    seconds: float = 0
    aside: int = 0
    error: str = ""
    files: dict[str, list[int]] = field(default_factory=dict)
    roles: list[str] = field(default_factory=list)


def load(paths: Paths, name: str) -> Record | None:
    """None without a restore. Error: DeployError for a damaged file."""
    file = _file(paths, name)
    try:
        return Record(**json.loads(file.read_text())) if file.exists() else None
    except (ValueError, TypeError) as error:
        raise DeployError(
            f"{file} is damaged ({error}). Look with fks psql {name} -- -l which databases exist, "
            f"then delete the file"
        ) from error


def save(paths: Paths, name: str, record: Record) -> Record:
    """Write it, and return it. Error: OSError, after which the former one is there."""
    file = _file(paths, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    atomic_file.write(file, json.dumps(asdict(record)).encode(), 0o600)
    return record


def remove(paths: Paths, name: str) -> None:
    """Forget the restore."""
    _file(paths, name).unlink(missing_ok=True)


def _file(paths: Paths, name: str) -> Path:
    return paths.restore / f"{name}.json"
