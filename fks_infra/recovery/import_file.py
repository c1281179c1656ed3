"""What `pulumi import --file` reads: secrets and DNS records that the state does not have.

Instances and firewalls are not in it: the program imports them by their labels.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fks_infra.clouds.cloudflare import Record
from fks_infra.preflight.record_conflicts import RECORD, RecordSpec
from fks_infra.preflight.state import StateSnapshot

_PASSWORD = "random:index/randomPassword:RandomPassword"
# As components/secrets.py and declare.py name it.
_PARENT = "secrets"
_COMPONENT = {"type": "fks:infra:Secrets", "name": _PARENT, "component": True}

Row = dict[str, Any]


def document(secrets: list[Row], records: list[Row]) -> dict[str, list[Row]]:
    """The file as JSON; the component of the secrets comes before them."""
    return {"resources": [*([_COMPONENT] if secrets else []), *secrets, *records]}


def secret_rows(values: Mapping[str, str], state: StateSnapshot) -> list[Row]:
    """A row for each secret by name that is not in the state; the value is its id."""
    return [
        {"type": _PASSWORD, "name": f"{_PARENT}-{name}", "id": value, "parent": _PARENT}
        for name, value in values.items()
        if not state.has_resource(f"{_PARENT}-{name}")
    ]


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
