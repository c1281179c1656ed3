"""The journal of deploys: one JSON object per line, oldest first."""

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .redact import Redactor


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
