"""The servers. A server's parts, each a component of its own, in the order in which they are made:

1. machine: a firewall that drops inbound packets, a single-use tailnet key, the Linode instance
2. join: waits until the instance is in the tailnet; removes it from there when it is destroyed
3. bootstrap: uploads the host scripts; Docker, packet filter, users and limits are set up
4. records that are new in the DNS, so that no resolver caches NXDOMAIN for them
5. stack: uploads the release and deploys it; the deploy probes its own server
6. records that exist already, updated only after the deploy

https://www.pulumi.com/docs/iac/concepts/resources/components/
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from fks_infra.components.bootstrap import Bootstrap, BootstrapArgs
from fks_infra.components.compose_stack import ComposeStack, ComposeStackArgs
from fks_infra.components.dns_records import DnsRecords, DnsRecordsArgs
from fks_infra.components.join import Join, JoinArgs
from fks_infra.components.machine import Machine, MachineArgs
from fks_infra.config.plans import SINGLE
from fks_infra.config.settings import Credentials, Settings
from fks_infra.preflight.preflight import Preflight
from fks_infra.release.bundle import Bundle
from fks_infra.roles import ROLE_NAMES, data_sets
from fks_infra.topology.keep import address_ttl
from fks_infra.topology.servers import ServerSpec


@dataclass(frozen=True, kw_only=True)
class ServerArgs:
    """A server of the topology and its bundles; `peers` are the servers that it calls, `backup` is
    the repository for backups with its password."""

    spec: ServerSpec
    settings: Settings
    credentials: Credentials
    scripts: Bundle
    release: Bundle
    secrets: Mapping[str, pulumi.Output[dict[str, str]]]
    backup: pulumi.Output[dict[str, str]]
    preflight: Preflight
    peers: "Sequence[ServerComponent]"


class ServerComponent(pulumi.ComponentResource):
    """One server with all its parts, as the module's docstring lists them.

    spec: what was declared. digest: the release that is deployed. address (in the tailnet),
    public_address (IPv4), public_ipv6_address, host_key, instance_id: outputs of the parts.
    deployed: the deploy's resource. stopped: what the last deploy printed about stopped stacks, or
    empty. new_records: the records that did not exist before this run.
    """

    spec: ServerSpec
    digest: str
    address: pulumi.Output[str]
    public_address: pulumi.Output[str]
    public_ipv6_address: pulumi.Output[str]
    host_key: pulumi.Output[str]
    instance_id: pulumi.Output[str]
    deployed: pulumi.Resource
    stopped: pulumi.Output[str]
    new_records: Sequence[pulumi.Resource]

    def __init__(
        self, name: str, args: ServerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(component_type(name), name, None, opts)
        self.spec = args.spec
        machine = self._machine(args)
        join = self._join(args, machine)
        bootstrap = self._bootstrap(args, machine, join)
        records = self._records(args, join)
        stack = self._stack(args, machine, join, [bootstrap.done, *records.new_records])
        records.update_existing(stack.deployed)
        self.new_records = records.new_records
        self.address, self.host_key = join.address, join.host_key
        self.instance_id, self.public_address = machine.instance_id, machine.public_address
        self.public_ipv6_address = machine.public_ipv6_address
        self.deployed, self.digest, self.stopped = stack.deployed, stack.digest, stack.stopped
        self.register_outputs({"address": self.address, "digest": self.digest})

    @property
    def _child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self)

    def _machine(self, args: ServerArgs) -> Machine:
        return Machine(
            f"{args.spec.name}-machine",
            MachineArgs(server=args.spec, settings=args.settings, preflight=args.preflight),
            self._child,
        )

    def _join(self, args: ServerArgs, machine: Machine) -> Join:
        return Join(
            f"{args.spec.name}-join",
            JoinArgs(
                server=args.spec,
                settings=args.settings,
                credentials=args.credentials,
                machine=machine,
                preflight=args.preflight,
            ),
            self._child,
        )

    def _bootstrap(self, args: ServerArgs, machine: Machine, join: Join) -> Bootstrap:
        return Bootstrap(
            f"{args.spec.name}-bootstrap",
            BootstrapArgs(
                server=args.spec, join=join, instance_id=machine.instance_id, scripts=args.scripts
            ),
            self._child,
        )

    def _records(self, args: ServerArgs, join: Join) -> DnsRecords:
        return DnsRecords(
            f"{args.spec.name}-dns",
            DnsRecordsArgs(
                zone_id=args.preflight.zone_id,
                names=args.spec.records,
                address=join.address,
                ttl=address_ttl(args.settings),
                caa_issuer=args.settings.caa_issuer,
                other_owners=other_owners(args.spec.name),
                stack=args.settings.stack,
                state=args.preflight.state,
            ),
            self._child,
        )

    def _stack(
        self, args: ServerArgs, machine: Machine, join: Join, after: Sequence[pulumi.Resource]
    ) -> ComposeStack:
        pin = args.settings.pin.get(args.spec.name)
        peer_records = [record for peer in args.peers for record in peer.new_records]
        return ComposeStack(
            f"{args.spec.name}-stack",
            ComposeStackArgs(
                release=args.release,
                pinned=pin.digest if pin else "",
                join=join,
                instance_id=machine.instance_id,
                after=[*after, *peer_records],
                secrets={role: args.secrets[role] for role in args.spec.roles},
                acme_dns_token=args.credentials.acme_dns_token,
                acme_account=args.credentials.acme_account,
                alert_webhook=args.credentials.alert_webhook,
                registries=args.settings.registries,
                registry_password=args.credentials.registry_password,
                backup=args.backup if data_sets(args.spec.roles) else pulumi.Output.from_input({}),
            ),
            self._child,
        )


class AuthServer(ServerComponent):
    """Single sign-on: Authentik, its worker and its database, behind nginx."""


class ApiServer(ServerComponent):
    """The trading API, its workers, its database, queue and cache, behind nginx."""


class WebServer(ServerComponent):
    """The React front end, and nginx that also passes /api and /ws on to the API server."""


class SingleServer(ServerComponent):
    """All roles on one server: the same stacks behind one nginx."""


_CLASSES: Mapping[str, type[ServerComponent]] = {
    "auth": AuthServer,
    "api": ApiServer,
    "web": WebServer,
    SINGLE: SingleServer,
}


def server_component(args: ServerArgs) -> ServerComponent:
    """Declare a server; a role without a class of its own is a plain `ServerComponent`."""
    return _CLASSES.get(args.spec.name, ServerComponent)(args.spec.name, args)


def component_type(server: str) -> str:
    """The type token of a server's component."""
    return f"fks:infra:{server.title()}Server"


def other_owners(server: str) -> dict[str, str]:
    """Role to the type of the component that has the role's records in the other mode."""
    if server == SINGLE:
        return {role: component_type(role) for role in ROLE_NAMES}
    return {server: component_type(SINGLE)}
