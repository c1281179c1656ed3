"""The keys in which two mappings differ."""

from collections.abc import Mapping
from typing import Any


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The keys that are new, gone or have another value, in order."""
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
