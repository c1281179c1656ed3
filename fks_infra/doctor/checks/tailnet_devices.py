"""Is there a device in the tailnet that could be mistaken for a server?"""

import re
from collections.abc import Iterator, Mapping

from fks_infra.clouds.http import CloudError
from fks_infra.clouds.tailscale import Device
from fks_infra.clouds.tailscale_login import CONSOLE
from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.findings import CheckResult, ok, problem, unknown
from fks_infra.doctor.inventory import DeployedServer
from fks_infra.preflight.orphans import stack_tags
from fks_infra.roles import ROLE_NAMES
from fks_infra.topology.names import host_name, instance_id_in
from fks_infra.topology.tailnet_policy import server_tags

# Tailscale appends -1, -2 to the name of a device whose host name is taken.
_DUPLICATE_NAME = re.compile(r"(.+)-\d+")


def tailnet_devices(context: CheckContext) -> Iterator[CheckResult]:
    """Devices with a server's tag that no inventory lists, duplicates of servers, and servers
    without their tags.

    Several stacks may share a tag: a device belongs to another stack if its Linode has that stack's
    tag. A Linode of another account cannot be distinguished from a deleted one.
    """
    stack = context.stack
    if stack.inventory.error:
        yield unknown(stack.undeployed)
        return
    servers = {host_name(s.name, s.instance_id): s for s in stack.inventory.servers}
    tags = frozenset(server_tags(stack.tag, ROLE_NAMES))
    problems: list[CheckResult] = []
    for device in context.devices():
        if original := duplicated_server(device, servers):
            problems.append(_duplicate(device, original))
        elif device.tags & tags and device.hostname not in servers:
            problems += unlisted_device(context, device)
        elif server := servers.get(device.hostname):
            problems += missing_tags(context, device, server)
    yield from problems or [
        ok(f"no device could be mistaken for one of the {len(servers)} servers")
    ]


def duplicated_server(
    device: Device, servers: Mapping[str, DeployedServer]
) -> DeployedServer | None:
    """The server whose name a device at another address has."""
    match = _DUPLICATE_NAME.fullmatch(device.name)
    for name in (device.hostname, device.name, match[1] if match else ""):
        if name in servers and servers[name].address != device.address:
            return servers[name]
    return None


def missing_tags(
    context: CheckContext, device: Device, server: DeployedServer
) -> list[CheckResult]:
    """A server without its roles' tags: the policy's rules do not apply to it.

    A device has the tags its key had at the join; fks:tailnetTag may have changed since.
    """
    expected = server_tags(context.stack.tag, server.roles)
    missing = ", ".join(tag for tag in expected if tag not in device.tags)
    if not missing:
        return []
    return [
        problem(
            f"{_described(device)} is {server.name} and lacks {missing}; the rules that fks "
            f"tailnet policy prints do not apply to it",
            f"{CONSOLE}/machines: {device.name or device.hostname}, Edit ACL tags: add {missing}",
        )
    ]


def unlisted_device(context: CheckContext, device: Device) -> list[CheckResult]:
    """A tagged device that is no server of this stack; nothing if it is another stack's."""
    stack, instance_id = context.stack.stack, instance_id_in(device.hostname)
    detail = (
        f"{_described(device)} carries {', '.join(sorted(device.tags))} and is no server of stack "
        f"{stack}"
    )
    if instance_id is None:
        return [problem(detail, _removal(device))]
    try:
        linode = context.linode.instance(instance_id)
    except CloudError as error:
        undecided = f"{detail}; its Linode, which may be another stack's, cannot be read"
        return [
            problem(
                f"{undecided} ({error.detail})",
                f"If there is no Linode {instance_id}: {_removal(device)}",
            )
        ]
    if linode is None:
        gone = f"{detail}; the account of LINODE_TOKEN has no Linode {instance_id}"
        return [problem(gone, f"Unless another account has it: {_removal(device)}")]
    if set(stack_tags(context.stack.short_name)) <= linode.tags:
        unfinished = f"{detail} yet, but Linode {instance_id} is tagged as this stack's"
        return [problem(unfinished, f"pulumi up --stack {stack}")]
    return []


def _duplicate(device: Device, server: DeployedServer) -> CheckResult:
    return problem(
        f"{_described(device)} has the name of {server.name}, which is at {server.address}",
        _removal(device),
    )


def _described(device: Device) -> str:
    return f"device {device.name or device.hostname} ({device.address}, id {device.id})"


def _removal(device: Device) -> str:
    return (
        f"{CONSOLE}/machines/{device.address}: the menu of {device.name or device.hostname}, Remove"
    )
