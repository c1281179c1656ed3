"""A Linode instance with its firewall and its tailnet key."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_linode as linode
import pulumi_tailscale as tailscale

from fks_infra.components.disk import check_disk_size
from fks_infra.config.settings import Settings
from fks_infra.limits import SSH_PORT, TAILNET_KEY_SECONDS
from fks_infra.preflight.auth_keys import delete_orphaned_auth_keys
from fks_infra.preflight.hooks import before_create
from fks_infra.preflight.instance_import import instance_import
from fks_infra.preflight.key_triggers import key_trigger
from fks_infra.preflight.missing import server_not_missing
from fks_infra.preflight.orphans import stack_tags
from fks_infra.preflight.preflight import Preflight
from fks_infra.preflight.protection import check_replacement
from fks_infra.release.cloud_init import user_data
from fks_infra.topology.servers import ServerSpec
from fks_infra.topology.tailnet_policy import server_tags
from fks_infra.topology.thresholds import thresholds

# A change of these would replace the server and lose its disk, or has no effect after creation.
_ONLY_AT_CREATION = [
    "metadatas",
    "image",
    "authorized_keys",
    "root_pass",
    "firewall_id",
    "interface_generation",
    "disk_encryption",
    # The provider's defaults, which it does not read back from an imported server.
    "migration_type",
    "resize_disk",
]


@dataclass(frozen=True, kw_only=True)
class MachineArgs:
    """The server, the settings, and resources of an interrupted run to import."""

    server: ServerSpec
    settings: Settings
    preflight: Preflight


class Machine(pulumi.ComponentResource):
    """The firewall, a single-use tailnet key, and the instance that uses both.

    A higher generation of the server replaces key and instance together.
    """

    instance_id: pulumi.Output[str]
    public_address: pulumi.Output[str]
    public_ipv6_address: pulumi.Output[str]

    def __init__(
        self, name: str, args: MachineArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("fks:infra:Machine", name, None, opts)
        server, settings = args.server, args.settings
        # A template that is too long fails in the preview; the real key has about this length.
        user_data(settings, server, "k" * 64)
        found, resource = args.preflight, f"{name}-instance"
        check_replacement(resource, server, found.protected, found.state)
        firewall = self._firewall(name, args)
        key = self._tailnet_key(name, args)
        imported = instance_import(resource, server.label, found.orphans, found.state)
        instance = linode.Instance(
            imported.name,
            label=server.label,
            region=settings.region,
            type=server.plan.id,
            image=settings.image,
            authorized_keys=[settings.deploy_public_key],
            firewall_id=firewall.id.apply(int),
            interface_generation="legacy_config",
            metadatas=[{"user_data": _first_boot(settings, server, key)}],
            tags=[*stack_tags(settings.stack), *server.roles],
            alerts=_alerts(server),
            opts=pulumi.ResourceOptions(
                parent=self,
                import_=imported.id,
                aliases=imported.aliases,
                protect=server.protect,
                # Labels are unique in an account, so the old instance has to be deleted first.
                delete_before_replace=True,
                # An interrupted run may have created the instance without its alerts. An import
                # must match it; the next run sets them.
                ignore_changes=[*_ONLY_AT_CREATION, *(["alerts"] if imported.id else [])],
                replacement_trigger=server.generation,
                hooks=check_disk_size(resource, server.name, server.plan),
                custom_timeouts=pulumi.CustomTimeouts(create="15m", update="60m", delete="15m"),
            ),
        )
        self.instance_id = instance.id
        self.public_address = instance.ipv4s.apply(_public_address)
        # Linode's API returns the address with its prefix length.
        self.public_ipv6_address = instance.ipv6.apply(lambda text: text.partition("/")[0])
        self.register_outputs({"instanceId": self.instance_id})

    def _firewall(self, name: str, args: MachineArgs) -> linode.Firewall:
        server, settings = args.server, args.settings
        return linode.Firewall(
            f"{name}-firewall",
            label=server.label,
            inbound_policy="DROP",
            outbound_policy="ACCEPT",
            inbounds=_break_glass(settings.ssh_from),
            tags=stack_tags(settings.stack),
            opts=pulumi.ResourceOptions(
                parent=self, import_=args.preflight.orphans.firewalls.get(server.label)
            ),
        )

    def _tailnet_key(self, name: str, args: MachineArgs) -> tailscale.TailnetKey:
        server, settings = args.server, args.settings
        description, state = server.label[:50], args.preflight.state
        resource = f"{name}-tailnet-key"
        has_server = server.label in args.preflight.orphans.running
        return tailscale.TailnetKey(
            resource,
            description=description,
            reusable=False,
            ephemeral=False,
            preauthorized=True,
            expiry=TAILNET_KEY_SECONDS,
            recreate_if_invalid="never",
            tags=server_tags(settings.tailnet_tag, server.roles),
            opts=pulumi.ResourceOptions(
                parent=self,
                # The key was used when the server joined; later tags are set on the device.
                ignore_changes=["tags", "description", "expiry"],
                replacement_trigger=key_trigger(resource, server.generation, has_server, state),
                hooks=before_create(
                    f"{name}-before-tailnet-key",
                    server_not_missing(server.label, args.preflight.missing),
                    delete_orphaned_auth_keys(description, state),
                ),
            ),
        )


def _first_boot(
    settings: Settings, server: ServerSpec, key: tailscale.TailnetKey
) -> pulumi.Output[str]:
    return pulumi.Output.secret(key.key.apply(lambda text: user_data(settings, server, text)))


def _alerts(server: ServerSpec) -> linode.InstanceAlertsArgs:
    """Linode's mails about averages of two hours. It counts the CPU in percent of one core. The
    provider sends all five, so those that are not ours have Linode's default."""
    return linode.InstanceAlertsArgs(
        cpu=thresholds(server.roles).cpu * server.plan.vcpus,
        io=10000,
        network_in=10,
        network_out=10,
        transfer_quota=80,
    )


def _break_glass(ranges: Sequence[str]) -> list[linode.FirewallInboundArgs]:
    """The rule that opens SSH on the public address to fks:sshFrom."""
    if not ranges:
        return []
    return [
        linode.FirewallInboundArgs(
            label="ssh-break-glass",
            action="ACCEPT",
            protocol="TCP",
            ports=str(SSH_PORT),
            ipv4s=[cidr for cidr in ranges if ":" not in cidr] or None,
            ipv6s=[cidr for cidr in ranges if ":" in cidr] or None,
        )
    ]


def _public_address(addresses: Sequence[str]) -> str:
    """The public one of an instance's addresses; 192.168.128.0/17 is Linode's private range."""
    return next(address for address in addresses if not address.startswith("192.168."))
