"""The journal of a server: one JSON object per line, oldest first. A line without `kind` is a
deploy."""

import errno
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from .output import now
from .redact import Redactor

DEPLOY = "deploy"


def append(journal: Path, entry: Mapping[str, Any], redact: Redactor) -> None:
    """Add one line with a single write, and sync it to the disk. Error: OSError, after which the
    journal has its former lines only."""
    journal.parent.mkdir(parents=True, exist_ok=True)
    text = redact(json.dumps(entry, ensure_ascii=False)) + "\n"
    line = text.encode(errors="backslashreplace")
    descriptor = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        size = os.fstat(descriptor).st_size
        if os.write(descriptor, line) < len(line):
            os.ftruncate(descriptor, size)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(journal))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def record(journal: Path, kind: str, who: str, **fields: str) -> None:
    """Add a line of another kind than a deploy. It only reports, so it raises no OSError."""
    with suppress(OSError):
        append(journal, {"time": now(), "kind": kind, "who": who, **fields}, Redactor(()))


def read(journal: Path) -> tuple[list[dict[str, Any]], list[int]]:
    """The entries, each with `kind`, and the numbers of the lines that are no JSON object with a
    `time`. Error: OSError, but not for a journal that does not exist yet."""
    lines = journal.read_text(errors="replace").splitlines() if journal.exists() else []
    parsed = [_entry(line) for line in lines]
    damaged = [number for number, entry in enumerate(parsed, 1) if entry is None]
    return [entry for entry in parsed if entry is not None], damaged


def _entry(line: str) -> dict[str, Any] | None:
    try:
        entry = {"kind": DEPLOY, **json.loads(line)}
        aware = datetime.fromisoformat(entry["time"]).tzinfo is not None
    except (ValueError, TypeError, KeyError):
        return None
    return entry if aware else None
