"""The names of a server, leading to its address in the tailnet."""

from dataclasses import dataclass
from ipaddress import ip_address, ip_network

import pulumi

from fks_infra.cloudflare import DnsRecord, DnsRecordArgs
from fks_infra.components.name_hook import CAA, RECORD, Wanted, clear_the_name, comment
from fks_infra.errors import OperatorError
from fks_infra.held import Held
from fks_infra.topology import HostName

TAILNET = ip_network("100.64.0.0/10")


@dataclass(frozen=True, kw_only=True)
class DnsRecordsArgs:
    """The names, where they lead, and the component that would hold them in the other mode."""

    zone_id: str
    names: tuple[HostName, ...]
    address: pulumi.Output[str]
    other_owner: dict[str, str]
    stack: str
    held: Held
    after: pulumi.Resource


class DnsRecords(pulumi.ComponentResource):
    """One A record a name, never proxied, and the domain's CAA record beside its apex.

    Cloudflare takes a second A record of the same name without complaint, so a record keeps its
    identity when the mode changes: its URN under the other mode's component is an alias.
    """

    def __init__(
        self, name: str, args: DnsRecordsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("fks:infra:DnsRecords", name, None, opts)
        for host in args.names:
            record = DnsRecordArgs(
                zone_id=args.zone_id,
                name=host.fqdn,
                type="A",
                content=args.address.apply(tailnet_address),
                comment=comment(args.stack),
            )
            DnsRecord(f"dns-{host.key}", record, self._options(f"dns-{host.key}", host, args, "A"))
            if host.key == "web":
                self._caa(host, args)
        self.register_outputs({"names": [host.fqdn for host in args.names]})

    def _caa(self, host: HostName, args: DnsRecordsArgs) -> None:
        record = DnsRecordArgs(
            zone_id=args.zone_id,
            name=host.fqdn,
            type="CAA",
            data=CAA,
            comment=comment(args.stack),
        )
        DnsRecord("dns-caa", record, self._options("dns-caa", host, args, "CAA"))

    def _options(
        self, name: str, host: HostName, args: DnsRecordsArgs, kind: str
    ) -> pulumi.ResourceOptions:
        wanted = Wanted(name=host.fqdn, type=kind, comment=comment(args.stack))
        return pulumi.ResourceOptions(
            parent=self,
            delete_before_replace=True,
            depends_on=[args.after],
            aliases=[other_urn(args.other_owner[host.role], name)],
            hooks=clear_the_name(name, args.zone_id, wanted, args.held),
        )


def other_urn(owner_type: str, name: str) -> str:
    """The record's URN as a child of another server component."""
    chain = f"{owner_type}$fks:infra:DnsRecords${RECORD}"
    return f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::{chain}::{name}"


def tailnet_address(address: str) -> str:
    """The address itself, or an OperatorError: a public one would publish a private service."""
    if ip_address(address) not in TAILNET:
        raise OperatorError(
            f"A record would lead to {address!r}, which is no tailnet address ({TAILNET}). Look at "
            f"the machine in the Tailscale console; no record was changed."
        )
    return address
