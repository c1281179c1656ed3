"""Before a record is made: nothing of the same name may stand in its way.

Cloudflare takes a second A record of a name without complaint, and refuses an identical one. A
record with this stack's comment that the state does not have is what an interrupted run left.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import pulumi

from fks_infra.clouds.cloudflare import Record, Zone
from fks_infra.clouds.retry import retry
from fks_infra.errors import OperatorError
from fks_infra.preflight.state import StateSnapshot
from fks_infra.topology import caa

RECORD = "cloudflare:index/dnsRecord:DnsRecord"
_ADDRESSES = frozenset({"A", "AAAA", "CNAME"})


@dataclass(frozen=True, kw_only=True)
class RecordSpec:
    """A record the stack wants; `resource` is its name in Pulumi, `role` that of its server, and
    `issuer` the authority that a CAA record names.
    """

    resource: str
    role: str
    name: str
    type: str
    stack: str
    issuer: str = ""

    @property
    def comment(self) -> str:
        """What the record is to be known by."""
        return comment(self.stack)


def comment(stack: str) -> str:
    """What every record of a stack carries, to be known again."""
    return f"fks {stack}"


def resolve_record_conflicts(
    zone_id: str, spec: RecordSpec, held: StateSnapshot
) -> pulumi.ResourceHookBinding:
    """A hook that removes what this stack left behind, and fails on what others made."""

    async def check(_args: pulumi.ResourceHookArgs) -> None:
        zone = Zone.read(zone_id, os.environ)
        found = await retry(partial(zone.records, spec.name))
        rivals = [record for record in found if rivals_of(spec, record, held)]
        if text := foreign_records(spec, rivals):
            raise OperatorError(text)
        if pulumi.runtime.is_dry_run():
            return
        for record in rivals:
            await retry(partial(zone.remove, record))

    options = pulumi.ResourceHookOptions(on_dry_run=True)
    hook = pulumi.ResourceHook(f"{spec.resource}-resolve-record-conflicts", check, options)
    return pulumi.ResourceHookBinding(before_create=[hook])


def rivals_of(spec: RecordSpec, record: Record, held: StateSnapshot) -> bool:
    """Whether the two cannot stand side by side; what the state has is the engine's business."""
    if held.has(RECORD, record.id):
        return False
    if spec.type == "CAA":
        return record.type == "CAA" and record.content == caa.content(spec.issuer)
    return record.type in _ADDRESSES


def foreign_records(spec: RecordSpec, rivals: Iterable[Record]) -> str | None:
    """A paragraph about the records this stack did not make, or None."""
    others = [record for record in rivals if record.comment != spec.comment]
    if not others:
        return None
    listed = ", ".join(f"{record.type} {record.content} (id {record.id})" for record in others)
    return (
        f"{spec.name} (of fks:domain or fks:extraNames) has a record already that this stack did "
        f"not make: {listed}. Type fks adopt-dns --stack {spec.stack}: it prints how the stack "
        f"takes that record over. Or delete it in Cloudflare, or write another name."
    )
