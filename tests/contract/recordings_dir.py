"""Where the recordings of the real provider plugins are: in this repository, beside the tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def recordings() -> Path:
    """The directory of the recordings; its README.md describes each file."""
    return Path(__file__).with_name("recordings")


def load(name: str) -> dict[str, Any]:
    """One file of the recordings, by its path without the suffix: `linode`, `schemas/linode`."""
    loaded: dict[str, Any] = json.loads((recordings() / f"{name}.json").read_text())
    return loaded
