"""The state of the upgrade of one service, /var/lib/fks/upgrades/SERVICE.json.

It is written before each change, so that after any interruption the same command can be run again.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .. import atomic_file
from ..errors import DeployError
from ..paths import Paths

# The new data is not complete; it is, and the deploy that uses it is awaited; it is in service.
COPYING, COPIED, SERVING = "copying", "copied", "serving"


@dataclass(frozen=True)
class Data:
    """Where data is, and what reads it: a volume's full name, an image, and its version."""

    volume: str
    image: str
    version: str


@dataclass(frozen=True)
class Record:
    """`maintenance` is whether maintenance was on before; `found` is what the copy reported:
    tables, rows, bytes, collation [old, new], seconds. `what` is upgraded: postgres or authentik;
    `authentik` is the version in the copied database, "" in another one."""

    service: str
    state: str
    who: str
    since: str
    source: Data
    target: Data
    maintenance: bool = False
    found: dict[str, Any] = field(default_factory=dict)
    what: str = "postgres"
    authentik: str = ""

    @property
    def command(self) -> str:
        """What the operator types."""
        return f"fks upgrade {self.what}"

    @property
    def pending(self) -> bool:
        """Whether the stack waits for its deploy, or for the way back."""
        return self.state in (COPYING, COPIED)


def load(paths: Paths, service: str) -> Record | None:
    """None without an upgrade. Error: DeployError for a damaged file."""
    file = _file(paths, service)
    return _read(file) if file.exists() else None


def load_all(paths: Paths) -> list[Record]:
    """Error: DeployError for a damaged file."""
    return [_read(file) for file in sorted(paths.upgrades.glob("*.json"))]


def save(paths: Paths, record: Record) -> None:
    """Error: OSError."""
    paths.upgrades.mkdir(parents=True, exist_ok=True)
    content = json.dumps(asdict(record), indent=2) + "\n"
    atomic_file.write(_file(paths, record.service), content.encode())


def forget(paths: Paths, service: str) -> None:
    """Error: OSError."""
    _file(paths, service).unlink(missing_ok=True)


def _file(paths: Paths, service: str) -> Path:
    return paths.upgrades / f"{service}.json"


def _read(file: Path) -> Record:
    try:
        entry = json.loads(file.read_text())
        source, target = Data(**entry.pop("source")), Data(**entry.pop("target"))
        return Record(**entry, source=source, target=target)
    except (ValueError, TypeError, KeyError) as error:
        raise DeployError(
            f"{file} is damaged: {error!r}. The volumes are as they were. See "
            f'"A new major version of PostgreSQL" in docs/operations.md'
        ) from error
