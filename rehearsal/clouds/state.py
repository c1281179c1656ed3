"""The state file: JSON, replaced atomically."""

import json
import os
from pathlib import Path
from typing import Any


def read(path: Path | None) -> dict[str, Any]:
    """The saved state, empty without a path or a file."""
    if path is None or not path.exists():
        return {}
    state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return state


def write(path: Path | None, state: dict[str, Any]) -> None:
    """Replace the file in one step; without a path do nothing."""
    if path is None:
        return
    new = path.with_name(path.name + ".new")
    with new.open("w", encoding="utf-8") as out:
        json.dump(state, out)
        out.flush()
        os.fsync(out.fileno())
    new.replace(path)
