"""What `pulumi import --file` reads: the DNS records that the state does not have.

Instances and firewalls are not in it: the program imports them by their labels.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fks_infra.clouds.cloudflare import Record
from fks_infra.preflight.record_conflicts import RECORD, RecordSpec
from fks_infra.preflight.state import StateSnapshot
from fks_infra.recovery.state_secrets import COMPONENT, PARENT

Row = dict[str, Any]


def document(records: Sequence[Row]) -> dict[str, list[Row]]:
    """The file as JSON. The component of the secrets is in it, so that the state has a parent for
    them (state_secrets.py)."""
    return {"resources": [{"type": COMPONENT, "name": PARENT, "component": True}, *records]}


def record_rows(
    zone: str,
    found: Mapping[str, Sequence[Record]],
    specs: Iterator[RecordSpec],
    state: StateSnapshot,
) -> list[Row]:
    """A row for each record with the stack's comment that is not in the state; `found` by name.

    Without parent, as `fks adopt-dns` does it: the program knows the record under that URN too.
    """
    rows = []
    for spec in specs:
        own = [
            one for one in found[spec.name] if (one.type, one.comment) == (spec.type, spec.comment)
        ]
        if own and not state.has_resource(spec.resource):
            rows.append({"type": RECORD, "name": spec.resource, "id": f"{zone}/{own[0].id}"})
    return rows
