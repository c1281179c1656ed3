"""The certificate of a snapshot: what a restore of it has proved."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .. import atomic_file
from ..paths import Paths

# {"set", "snapshot", "time" of the dump and "proved" of the proof (UTC, ISO 8601), "verdict": ok
# or bad, "text", "file": the dump, "bytes" of the dump, "tables", "rows", "authentik": its version
# or "", "server", "seconds": {"dump", "upload", "restore", "proof"} as far as they were measured,
# "clock": whether the server's clock was synchronized, None where that cannot be told,
# and "log" with fks:backup.pitr: as point_in_time.proof}
Certificate = Mapping[str, Any]
_KEYS = {"set", "snapshot", "time", "verdict"}


def write(paths: Paths, certificate: Certificate) -> None:
    """Beside the other certificates of the data set, and beside the dump while it is kept."""
    text = (json.dumps(certificate, indent=2) + "\n").encode()
    place = _directory(paths, certificate["set"])
    place.mkdir(mode=0o755, parents=True, exist_ok=True)
    atomic_file.write(place / f"{certificate['snapshot']}.json", text)
    dump = paths.dumps / str(certificate["file"])
    if dump.is_file():
        atomic_file.write(dump.with_suffix(".proof.json"), text, 0o600, dump.stat().st_uid)


def read(paths: Paths, name: str) -> Iterator[Certificate]:
    """Those of a data set, the newest dump last; without damaged ones."""
    found = (_read(file) for file in _directory(paths, name).glob("*.json"))
    yield from sorted((one for one in found if one), key=lambda one: str(one["time"]))


def remove_others(paths: Paths, name: str, snapshots: set[str]) -> None:
    """Delete the certificates of snapshots that no longer exist."""
    for file in _directory(paths, name).glob("*.json"):
        if file.stem not in snapshots:
            file.unlink()


def _directory(paths: Paths, name: str) -> Path:
    return paths.certificates / name


def _read(file: Path) -> Certificate | None:
    try:
        found = json.loads(file.read_text())
    except (OSError, ValueError):
        return None
    return (
        found if isinstance(found, dict) and {"snapshot", "time", "verdict"} <= set(found) else None
    )
