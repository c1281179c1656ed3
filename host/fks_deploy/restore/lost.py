"""What the present database has and a dump has not."""

from typing import Any

from .database import Tables

# The canary of the backups is no data.
_NOT_DATA = "fks_backup."


def tables(present: Tables, dump: Tables) -> list[dict[str, Any]]:
    """[{"table", "now", "backup"}] that differ: rows, None for no such table."""
    names = [one for one in differing(present, dump) if not one.startswith(_NOT_DATA)]
    return [{"table": one, "now": _rows(present, one), "backup": _rows(dump, one)} for one in names]


def differing(one: Tables, other: Tables) -> list[str]:
    """The tables whose rows or checksums differ, or that only one of them has."""
    return [name for name in sorted({*one, *other}) if one.get(name) != other.get(name)]


def _rows(tables: Tables, name: str) -> int | None:
    return int(tables[name][0]) if name in tables else None
