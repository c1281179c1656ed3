"""The servers of a stack whose state is lost: by labels in Linode, by host names in the tailnet."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fks_infra.clouds.http import UnavailableError
from fks_infra.clouds.linode import Linode
from fks_infra.clouds.tailscale import Tailscale
from fks_infra.clouds.tailscale_device import Device, devices_of
from fks_infra.errors import OperatorError, raise_operator_errors
from fks_infra.preflight.cloud_calls import cloud_call, operator_error
from fks_infra.preflight.orphans import INSTANCE, taken_labels
from fks_infra.preflight.state import StateSnapshot
from fks_infra.remote.inventory import DeployedServer
from fks_infra.steps import host_key
from fks_infra.topology.names import host_name, server_label
from fks_infra.topology.planning import servers_of
from fks_infra.topology.tailnet_policy import server_tags


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A server that the settings name; `id` is that of its instance."""

    name: str
    roles: tuple[str, ...]
    label: str
    id: str


def find(stack: str, mode: str, tag: str, environ: Mapping[str, str]) -> list[DeployedServer]:
    """Each with its address in the tailnet and the host key it presents there.

    OperatorError for one without instance, without device that is online, or without SSH.
    """
    wanted = _wanted(stack, mode, Linode.from_environ(environ))
    devices = cloud_call(lambda: Tailscale.from_environ(environ).devices())
    return [_server(one, _device(one, tag, devices), host_key.scan) for one in wanted]


def _wanted(stack: str, mode: str, linode: Linode) -> list[Wanted]:
    roles = {server_label(stack, name): (name, roles) for name, roles in servers_of(mode).items()}
    found = cloud_call(lambda: linode.instances([*roles]))
    ids = {one.label: one.id for one in found}
    raise_operator_errors(
        [*taken_labels(INSTANCE, found, stack, StateSnapshot()), *_missing(roles, ids)]
    )
    return [
        Wanted(name=name, roles=own, label=label, id=ids[label])
        for label, (name, own) in roles.items()
    ]


def _missing(labels: Iterable[str], ids: Mapping[str, str]) -> Iterator[str]:
    for label in labels:
        if label not in ids:
            yield (
                f"the account of this LINODE_TOKEN has no instance with the label {label}, so its "
                f"secrets cannot be read. Nothing was changed.\nNext: export the token of the "
                f"account that has it, then the same again"
            )


def _device(wanted: Wanted, tag: str, devices: Sequence[Device]) -> str:
    """Its address."""
    hostname = host_name(wanted.name, wanted.id)
    tags = frozenset(server_tags(tag, wanted.roles))
    online = [one for one in devices_of(devices, hostname, tags) if one.online and one.address]
    if not online:
        raise OperatorError(
            f"the tailnet has no device {hostname} with the tags {', '.join(sorted(tags))} that is "
            f"online. Nothing was changed.\nNext: start {wanted.label} in Linode's Cloud Manager, "
            f"then the same again"
        )
    return str(online[0].address)


def _server(wanted: Wanted, address: str, scan: Callable[[str], str]) -> DeployedServer:
    try:
        key = scan(address)
    except UnavailableError as error:
        raise OperatorError(
            f"{wanted.name} ({address}): {operator_error(error)} Nothing was changed.\n"
            f"Next: tailscale status, then the same again"
        ) from None
    return DeployedServer(
        name=wanted.name, roles=wanted.roles, instance_id=wanted.id, address=address, host_key=key
    )
