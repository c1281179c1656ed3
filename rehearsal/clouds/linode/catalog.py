"""Plans with their list prices, regions, images and constants, from `catalog.json`."""

import json
from pathlib import Path
from typing import Any

Row = dict[str, Any]
TIME = "%Y-%m-%dT%H:%M:%S"
PROFILE: Row = {"username": "rehearsal", "email": "rehearsal@example.com", "restricted": False}
_CATALOG = json.loads(Path(__file__).with_name("catalog.json").read_text(encoding="utf-8"))
# What every configuration profile has in common.
CONFIG_PROFILE: Row = _CATALOG["config_profile"]


def rows(kind: str) -> list[Row]:
    """All `types`, `regions` or `images`."""
    found: list[Row] = _CATALOG[kind]
    return found


def find(kind: str, key: str) -> Row | None:
    """The row with that id, or None."""
    return next((row for row in rows(kind) if row["id"] == key), None)


def availability(region: Row) -> list[Row]:
    """Which GPU plans a region has. Linode lists only plans that some region lacks."""
    available = "GPU Linodes" in region["capabilities"]
    gpus = [plan["id"] for plan in rows("types") if plan["class"] == "gpu"]
    return [{"region": region["id"], "plan": plan, "available": available} for plan in gpus]
