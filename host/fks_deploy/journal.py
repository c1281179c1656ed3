"""The journal of deploys: one JSON object per line, oldest first."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .redact import Redactor


def append(journal: Path, entry: Mapping[str, Any], redact: Redactor) -> None:
    """Add one line with a single write, and sync it to the disk."""
    journal.parent.mkdir(parents=True, exist_ok=True)
    line = redact(json.dumps(entry, ensure_ascii=False)) + "\n"
    descriptor = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(descriptor, line.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
