"""What Linode sells: plans with their list prices, regions, images."""

import json
from pathlib import Path
from typing import Any

Row = dict[str, Any]

_CATALOG: dict[str, list[Row]] = json.loads(
    Path(__file__).with_name("catalog.json").read_text(encoding="utf-8")
)


def rows(kind: str) -> list[Row]:
    """All `types`, `regions` or `images`."""
    return _CATALOG[kind]


def find(kind: str, key: str) -> Row | None:
    """The row of that id, or None."""
    return next((row for row in rows(kind) if row["id"] == key), None)
