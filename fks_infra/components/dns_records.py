"""The DNS records of a server's names."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address

import pulumi

from fks_infra.components.dns_record import DnsRecord, DnsRecordArgs
from fks_infra.errors import OperatorError
from fks_infra.limits import TAILNET_RANGE
from fks_infra.preflight.record_conflicts import RECORD, RecordSpec, resolve_record_conflicts
from fks_infra.preflight.state import StateSnapshot
from fks_infra.topology import caa
from fks_infra.topology.keep import AUTOMATIC_TTL
from fks_infra.topology.names import HostName


@dataclass(frozen=True, kw_only=True)
class DnsRecordsArgs:
    """The names, their address and the `ttl` of its records as DnsRecordArgs has it; `caa_issuer`
    is empty for no CAA record; `other_owners` is role to the component type that has the records in
    the other mode.
    """

    zone_id: str
    names: tuple[HostName, ...]
    address: pulumi.Output[str]
    ttl: int
    caa_issuer: str
    other_owners: dict[str, str]
    stack: str
    state: StateSnapshot


class DnsRecords(pulumi.ComponentResource):
    """One A record a name, never proxied, and the domain's CAA record.

    A new A record is made as soon as its server has an address, because resolvers cache NXDOMAIN
    for half an hour (Cloudflare's SOA) and deploys of peers resolve the name. An existing one is
    updated only after the deploy, by `update_existing`. The CAA record depends on nothing: the
    deploy requests certificates, and the record of another authority would prevent them.

    Cloudflare accepts a second A record of the same name, so a record keeps its identity when the
    mode changes: its URN under the other mode's component is an alias, and so is the one under
    which `fks adopt-dns` imports it.
    """

    def __init__(
        self, name: str, args: DnsRecordsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("fks:infra:DnsRecords", name, None, opts)
        self._args = args
        self._specs = list(record_specs(args.names, args.stack, args.caa_issuer))
        self.new_records = [
            self._declare(spec, []) for spec in self._specs if not self._updated_after_deploy(spec)
        ]

    def update_existing(self, after: pulumi.Resource) -> None:
        """Declare the records that exist already; they are updated after the resource `after`."""
        for spec in self._specs:
            if self._updated_after_deploy(spec):
                self._declare(spec, [after])
        self.register_outputs({"names": [host.fqdn for host in self._args.names]})

    def _updated_after_deploy(self, spec: RecordSpec) -> bool:
        return spec.type == "A" and self._args.state.has_record(RECORD, spec.name, spec.type)

    def _declare(self, spec: RecordSpec, after: list[pulumi.Resource]) -> DnsRecord:
        args, is_address = self._args, spec.type == "A"
        record = DnsRecordArgs(
            zone_id=args.zone_id,
            name=spec.name,
            type=spec.type,
            ttl=args.ttl if is_address else AUTOMATIC_TTL,
            content=args.address.apply(tailnet_address) if is_address else None,
            data=None if is_address else caa.data(spec.issuer),
            comment=spec.comment,
        )
        return DnsRecord(spec.resource, record, self._options(spec, after))

    def _options(self, spec: RecordSpec, after: list[pulumi.Resource]) -> pulumi.ResourceOptions:
        args = self._args
        owner = args.other_owners[spec.role]
        return pulumi.ResourceOptions(
            parent=self,
            delete_before_replace=True,
            depends_on=after,
            aliases=[other_urn(owner, spec.resource), adopted_urn(spec.resource)],
            hooks=resolve_record_conflicts(args.zone_id, spec, args.state),
        )


def record_specs(names: Iterable[HostName], stack: str, caa_issuer: str) -> Iterator[RecordSpec]:
    """Every record a stack makes for these names; no CAA record if `caa_issuer` is empty."""
    for host in names:
        record = partial(RecordSpec, role=host.role, name=host.fqdn, stack=stack)
        yield record(resource=f"dns-{host.key}", type="A")
        if host.is_apex and caa_issuer:
            yield record(resource="dns-caa", type="CAA", issuer=caa_issuer)


def other_urn(owner_type: str, name: str) -> str:
    """The record's URN as a child of another server component."""
    return _urn(f"{owner_type}$fks:infra:DnsRecords${RECORD}", name)


def adopted_urn(name: str) -> str:
    """The record's URN as `pulumi import` makes it: the component may not be there yet."""
    return _urn(RECORD, name)


def _urn(chain: str, name: str) -> str:
    return f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::{chain}::{name}"


def tailnet_address(address: str) -> str:
    """The address itself, or an OperatorError: a public one would publish a private service."""
    if ip_address(address) not in TAILNET_RANGE:
        raise OperatorError(
            f"An A record would have {address!r}, which is no tailnet address ({TAILNET_RANGE}). "
            f"Check the machine in the Tailscale console. No record was changed."
        )
    return address
