"""Is every server the device that the stack has, and could another one be mistaken for it?"""

from collections.abc import Iterator

from fks_infra.clouds.http import CloudError
from fks_infra.clouds.tailscale_device import Device
from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.checks.tailnet_server import ServerDevices
from fks_infra.doctor.findings import CheckResult, ok, problem, unknown
from fks_infra.preflight.orphans import stack_tags
from fks_infra.roles import ROLE_NAMES
from fks_infra.topology.names import instance_id_in
from fks_infra.topology.tailnet_policy import server_tags


def tailnet_devices(context: CheckContext) -> Iterator[CheckResult]:
    """The devices of each server, and devices with a server's tag that are no server's.

    Several stacks may share a tag: a device belongs to another stack if its Linode has that stack's
    tag. A Linode of another account cannot be distinguished from a deleted one.
    """
    stack = context.stack
    if stack.inventory.error:
        yield unknown(stack.undeployed)
        return
    devices = context.devices()
    servers = [ServerDevices.of(stack, server, devices) for server in stack.inventory.servers]
    known = {device.id for server in servers for device in server.all}
    tags = frozenset(server_tags(stack.tag, ROLE_NAMES))
    results = [result for server in servers for result in server.results(context.now())]
    for device in devices:
        if device.tags & tags and device.id not in known:
            results += unlisted_device(context, device)
    yield from results or [ok(f"no device could be mistaken for one of the {len(servers)} servers")]


def unlisted_device(context: CheckContext, device: Device) -> list[CheckResult]:
    """A tagged device that is no server of this stack; nothing if it is another stack's."""
    stack, instance_id = context.stack.stack, instance_id_in(device.hostname)
    carried, removal = ", ".join(sorted(device.tags)), f"{device.page}: Remove"
    detail = f"{device} carries {carried} and is no server of stack {stack}"
    if instance_id is None:
        return [problem(detail, removal)]
    try:
        linode = context.linode.instance(instance_id)
    except CloudError as error:
        undecided = f"{detail}; its Linode, which may be another stack's, cannot be read"
        return [
            problem(
                f"{undecided} ({error.detail})", f"If there is no Linode {instance_id}: {removal}"
            )
        ]
    if linode is None:
        gone = f"{detail}; the account of LINODE_TOKEN has no Linode {instance_id}"
        return [problem(gone, f"Unless another account has it: {removal}")]
    if set(stack_tags(context.stack.short_name)) <= linode.tags:
        unfinished = f"{detail} yet, but Linode {instance_id} is tagged as this stack's"
        return [problem(unfinished, f"pulumi up --stack {stack}")]
    return []
