"""Before a record is created: no other record may conflict with it.

Cloudflare accepts a second A record of a name, and rejects an identical one. A record with this
stack's comment that the state does not have was left by an interrupted run.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import pulumi

from fks_infra.clouds.cloudflare import Cloudflare, Record
from fks_infra.errors import OperatorError
from fks_infra.preflight.cloud_calls import cloud_call_async
from fks_infra.preflight.hooks import before_create
from fks_infra.preflight.state import StateSnapshot
from fks_infra.topology import caa

RECORD = "cloudflare:index/dnsRecord:DnsRecord"
_ADDRESSES = frozenset({"A", "AAAA", "CNAME"})


@dataclass(frozen=True, kw_only=True)
class RecordSpec:
    """A record of the stack. `resource` is its name in Pulumi, `role` its server's, and `issuer`
    the certificate authority in a CAA record.
    """

    resource: str
    role: str
    name: str
    type: str
    stack: str
    issuer: str = ""

    @property
    def comment(self) -> str:
        """The comment that marks the record as this stack's."""
        return comment(self.stack)


def comment(stack: str) -> str:
    """The comment that every record of a stack carries."""
    return f"fks {stack}"


def resolve_record_conflicts(
    zone_id: str, spec: RecordSpec, state: StateSnapshot
) -> pulumi.ResourceHookBinding:
    """A hook that deletes conflicting records of this stack, and fails on foreign ones."""

    async def check() -> None:
        cloudflare = Cloudflare.from_environ(os.environ)
        records = await cloud_call_async(partial(cloudflare.records, zone_id, spec.name))
        conflicts = [record for record in records if conflicts_with(spec, record, state)]
        if message := foreign_records_message(spec, conflicts):
            raise OperatorError(message)
        if pulumi.runtime.is_dry_run():
            return
        for record in conflicts:
            await cloud_call_async(partial(cloudflare.delete_record, zone_id, record))

    return before_create(f"{spec.resource}-resolve-record-conflicts", check)


def conflicts_with(spec: RecordSpec, record: Record, state: StateSnapshot) -> bool:
    """Whether the two cannot coexist. The engine takes care of records that are in the state.

    Several CAA records can; one that this stack left would allow an authority it no longer names.
    """
    if state.has(RECORD, record.id):
        return False
    if spec.type == "CAA":
        identical = record.content == caa.content(spec.issuer)
        return record.type == "CAA" and (identical or record.comment == spec.comment)
    return record.type in _ADDRESSES


def foreign_records(spec: RecordSpec, records: Iterable[Record]) -> list[Record]:
    """The records that this stack did not make."""
    return [record for record in records if record.comment != spec.comment]


def foreign_records_message(spec: RecordSpec, conflicts: Iterable[Record]) -> str | None:
    """The error about the conflicting records that this stack did not make, or None."""
    foreign = foreign_records(spec, conflicts)
    if not foreign:
        return None
    listed = ", ".join(f"{record.type} {record.content} (id {record.id})" for record in foreign)
    return (
        f"{spec.name} (of fks:domain or fks:extraNames) has a record that this stack did not "
        f"make: {listed}. Run fks adopt-dns --stack {spec.stack}: it prints how the stack takes "
        f"that record over. Or delete it in Cloudflare, or configure another name."
    )
