"""The server's own memory of its deploys: one JSON object a line, oldest first."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .redact import Redactor


def append(journal: Path, entry: Mapping[str, Any], redact: Redactor) -> None:
    """Add one line, in one write, and have it on the disk before going on."""
    journal.parent.mkdir(parents=True, exist_ok=True)
    line = redact(json.dumps(entry, ensure_ascii=False)) + "\n"
    descriptor = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(descriptor, line.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
