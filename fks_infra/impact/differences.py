"""The keys in which two parts of inventories differ."""

from collections.abc import Mapping
from typing import Any

# A part of an inventory, as JSON types.
Parts = Mapping[str, Any]


def changed(before: Parts, after: Parts) -> list[str]:
    """The keys that are new, gone or have another value, in order."""
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
