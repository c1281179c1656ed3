"""`fks adopt-dns`: prints how records that Cloudflare already has become the stack's own."""

import json
from collections.abc import Mapping

from fks_infra.cli.record_adoption import RecordAdoption
from fks_infra.clouds.cloudflare import Cloudflare, ZoneRecords
from fks_infra.clouds.retry import RetryPolicy
from fks_infra.components.dns_records import record_specs
from fks_infra.config.pulumi_cli import pulumi
from fks_infra.doctor import stack_info
from fks_infra.doctor.stack_info import StackInfo
from fks_infra.preflight.cloud_calls import cloud_call
from fks_infra.preflight.state import StateSnapshot, snapshot

RETRY = RetryPolicy(seconds=10.0)


def text(stack: str, environ: Mapping[str, str]) -> str:
    """What to do, for the selected stack if `stack` is empty; OperatorError if a read fails."""
    info = stack_info.read(stack)
    state = snapshot(json.loads(pulumi("stack", "export", "--stack", info.stack)))
    cloudflare, names = Cloudflare.from_environ(environ), [host.fqdn for host in info.names]
    zone = cloud_call(lambda: cloudflare.zone_records(info.zone, names), RETRY)
    return "".join(f"{line}\n" for line in lines(info, zone, state))


def lines(stack: StackInfo, zone: ZoneRecords, state: StateSnapshot) -> list[str]:
    """What to do about each conflicting record, or that there is none."""
    found = list[str]()
    for spec in record_specs(stack.names, stack.short_name, stack.caa_issuer):
        adoption = RecordAdoption(
            spec=spec,
            stack=stack.stack,
            zone=stack.zone,
            zone_id=zone.id,
            records=zone.records[spec.name],
            state=state,
        )
        found += adoption.lines()
    name = stack.stack
    if not found:
        return [f"# Nothing to adopt: no record of {stack.zone} conflicts with stack {name}."]
    return [*found, f"# After that: pulumi preview --stack {name}, then pulumi up --stack {name}"]
