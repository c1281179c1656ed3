"""What `fks stop --cleanup-all` would delete, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

KEPT = "certificates, backups, secrets"
_LISTED = ("containers", "volumes", "networks")
_COUNTED = ("releases", "images")
_DATABASE = "postgres-data"


def description(found: Mapping[str, Any]) -> Iterator[str]:
    """Lines about one server, from what `bin/stack cleanup-list` prints."""
    for kind in _LISTED:
        yield f"  {kind}: {', '.join(found[kind]) or 'none'}"
    for kind in _COUNTED:
        yield f"  {kind}: {len(found[kind])}"
    if found["dump"]:
        yield f"  first: a dump of {found['dump']} to /var/backups/fks/postgres"
    for volume in _not_dumped(found):
        yield f"  NOT dumped: {volume} (only the API's database has a backup)"
    yield f"  kept: {KEPT}"


def _not_dumped(found: Mapping[str, Any]) -> list[str]:
    dumped = f"{found['dump']}-data" if found["dump"] else ""
    return [
        name
        for name in found["volumes"]
        if _DATABASE in name and not (dumped and name.endswith(f"_{dumped}"))
    ]
