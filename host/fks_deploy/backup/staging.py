"""The directory of a data set that becomes the snapshot: the dump and copies of the rest.

DUMP.dump, DUMP.tables, DUMP.globals.sql (links to the newest dump's files), queue/ (the append-only
file) and manifest.json. The volumes and certificates are in the snapshot under their own paths.
"""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from .. import atomic_file
from ..output import now
from ..paths import Paths

# Of a dump, its rows and checksums, and the roles
SUFFIXES = (".dump", ".tables", ".globals.sql")
MANIFEST, QUEUE = "manifest.json", "queue"


def directory(paths: Paths, name: str) -> Path:
    return paths.backups / name


def begin(paths: Paths, name: str, dump: Path) -> Path:
    """An empty directory with the dump; returns it."""
    place = directory(paths, name)
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700, parents=True)
    for suffix in SUFFIXES:
        file = dump.with_suffix(suffix)
        if file.exists():
            os.link(file, place / file.name)
    return place


def write_manifest(place: Path, dump: Path, facts: dict[str, Any]) -> dict[str, Any]:
    """What is in the snapshot and of which versions: `facts`, those of the dump's moment, and the
    bytes of each file. Returns it."""
    files = [file for file in sorted(place.rglob("*")) if file.is_file()]
    manifest = {
        "time": now(),
        **facts,
        "dump": dump.name,
        "database": json.loads(dump.with_suffix(".tables").read_text().partition("\n")[0]),
        "files": {str(file.relative_to(place)): file.stat().st_size for file in files},
    }
    text = json.dumps(manifest, indent=2) + "\n"
    atomic_file.write(place / MANIFEST, text.encode(), 0o600)
    return manifest
