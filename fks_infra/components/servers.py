"""What all servers are made of; which one carries what comes from the topology."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from fks_infra.components.bootstrap import Bootstrap, BootstrapArgs
from fks_infra.components.compose_stack import ComposeStack, ComposeStackArgs
from fks_infra.components.dns_records import DnsRecords, DnsRecordsArgs
from fks_infra.components.join import Join, JoinArgs
from fks_infra.components.machine import Machine, MachineArgs
from fks_infra.config.settings import Credentials, Settings
from fks_infra.preflight.preflight import Preflight
from fks_infra.release.bundle import Bundle
from fks_infra.topology.planning import ServerSpec


@dataclass(frozen=True, kw_only=True)
class ServerArgs:
    """A server of the topology, its bundles, and the servers it calls."""

    server: ServerSpec
    settings: Settings
    credentials: Credentials
    scripts: Bundle
    release: Bundle
    secrets: Mapping[str, pulumi.Output[dict[str, str]]]
    other_owner: dict[str, str]
    preflight: Preflight
    peers: "Sequence[ServerComponent]"


class ServerComponent(pulumi.ComponentResource):
    """Machine, join, bootstrap, compose stack and records, each after the one before it.

    New records come before the compose stack, also those of its peers.
    """

    TYPE: str
    server: ServerSpec
    release: Bundle
    address: pulumi.Output[str]
    public_address: pulumi.Output[str]
    instance_id: pulumi.Output[str]
    deployed: pulumi.Resource
    new_records: Sequence[pulumi.Resource]

    def __init__(
        self, name: str, args: ServerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.server, self.release = args.server, args.release
        machine = Machine(
            f"{name}-machine",
            MachineArgs(server=args.server, settings=args.settings, preflight=args.preflight),
            child,
        )
        join = Join(
            f"{name}-join",
            JoinArgs(
                server=args.server,
                settings=args.settings,
                credentials=args.credentials,
                machine=machine,
                preflight=args.preflight,
            ),
            child,
        )
        bootstrap = Bootstrap(
            f"{name}-bootstrap",
            BootstrapArgs(
                server=args.server,
                join=join,
                instance_id=machine.instance_id,
                scripts=args.scripts,
            ),
            child,
        )
        records = DnsRecords(
            f"{name}-dns",
            DnsRecordsArgs(
                zone_id=args.preflight.zone_id,
                names=args.server.names,
                address=join.address,
                caa_issuer=args.settings.caa_issuer,
                other_owner=args.other_owner,
                stack=args.settings.stack,
                state=args.preflight.state,
            ),
            child,
        )
        stack = ComposeStack(
            f"{name}-stack",
            ComposeStackArgs(
                release=args.release,
                join=join,
                instance_id=machine.instance_id,
                ready=bootstrap.done,
                names=[
                    *records.first,
                    *(record for peer in args.peers for record in peer.new_records),
                ],
                secrets={role: args.secrets[role] for role in args.server.roles},
                acme_dns_token=args.credentials.acme_dns_token,
                registries=args.settings.registries,
                registry_password=args.credentials.registry_password,
            ),
            child,
        )
        records.settle(stack.deployed)
        self.new_records = records.first
        self.address, self.public_address = join.address, machine.public_address
        self.instance_id, self.deployed = machine.instance_id, stack.deployed
        self.register_outputs({"address": self.address, "digest": args.release.digest})
