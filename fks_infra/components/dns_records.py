"""The names of a server, leading to its address in the tailnet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address, ip_network

import pulumi

from fks_infra.components.dns_record import DnsRecord, DnsRecordArgs
from fks_infra.errors import OperatorError
from fks_infra.preflight.record_conflicts import RECORD, RecordSpec, resolve_record_conflicts
from fks_infra.preflight.state import StateSnapshot
from fks_infra.topology import caa
from fks_infra.topology.planning import HostName

TAILNET = ip_network("100.64.0.0/10")


@dataclass(frozen=True, kw_only=True)
class DnsRecordsArgs:
    """The names, where they lead, the authority that may issue for them (empty: no word of that),
    and the component that would hold them in the other mode.
    """

    zone_id: str
    names: tuple[HostName, ...]
    address: pulumi.Output[str]
    caa_issuer: str
    other_owner: dict[str, str]
    stack: str
    state: StateSnapshot


class DnsRecords(pulumi.ComponentResource):
    """One A record a name, never proxied, and the domain's CAA record.

    An A record that is not there yet is made as soon as its server has an address: whoever asks for
    the name before, a peer's deploy above all, remembers for half an hour that there is none. One
    that is there changes only after the deploy, by `settle`. The CAA record waits for nothing: a
    deploy asks for certificates, and would be refused them by the record of a former authority.

    Cloudflare takes a second A record of the same name without complaint, so a record keeps its
    identity when the mode changes: its URN under the other mode's component is an alias. So is the
    one under which `fks adopt-dns` has it imported.
    """

    def __init__(
        self, name: str, args: DnsRecordsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("fks:infra:DnsRecords", name, None, opts)
        self._args = args
        self._wanted = list(record_specs(args.names, args.stack, args.caa_issuer))
        self.first = [
            self._declare(spec, []) for spec in self._wanted if not self._comes_last(spec)
        ]

    def settle(self, after: pulumi.Resource) -> None:
        """Declare the records of the names that are there already; they change after something."""
        for spec in self._wanted:
            if self._comes_last(spec):
                self._declare(spec, [after])
        self.register_outputs({"names": [host.fqdn for host in self._args.names]})

    def _comes_last(self, spec: RecordSpec) -> bool:
        return spec.type == "A" and self._args.state.has_record(RECORD, spec.name, spec.type)

    def _declare(self, spec: RecordSpec, after: list[pulumi.Resource]) -> DnsRecord:
        args, leads = self._args, spec.type == "A"
        record = DnsRecordArgs(
            zone_id=args.zone_id,
            name=spec.name,
            type=spec.type,
            content=args.address.apply(tailnet_address) if leads else None,
            data=None if leads else caa.data(spec.issuer),
            comment=spec.comment,
        )
        return DnsRecord(spec.resource, record, self._options(spec, after))

    def _options(self, spec: RecordSpec, after: list[pulumi.Resource]) -> pulumi.ResourceOptions:
        args = self._args
        owner = args.other_owner[spec.role]
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
        if host.key == "web" and caa_issuer:
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
    if ip_address(address) not in TAILNET:
        raise OperatorError(
            f"A record would lead to {address!r}, which is no tailnet address ({TAILNET}). Look at "
            f"the machine in the Tailscale console; no record was changed."
        )
    return address
