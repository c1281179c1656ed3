"""Is there a machine in the tailnet that passes for a server and is none?"""

import re
from collections.abc import Iterator, Mapping

from fks_infra.doctor import linode
from fks_infra.doctor.check_context import Case
from fks_infra.doctor.findings import CannotTellError, Seen, ok, problem, unknown
from fks_infra.doctor.inventory import Placed
from fks_infra.doctor.tailnet import CONSOLE, Device
from fks_infra.preflight.orphans import stack_tags
from fks_infra.release.commands import host_name
from fks_infra.roles.services import ROLES
from fks_infra.topology.tailnet_policy import server_tags

_OURS = re.compile(r"fks-[a-z]+-(\d+)")
_TWIN = re.compile(r"(.+)-\d+")


def devices(case: Case) -> Iterator[Seen]:
    """Devices with a server's tag that are in no inventory, doubles of those that are, and servers
    without their tags.

    Several stacks may share a tag: a device whose Linode has another stack's tag is that stack's.
    One whose Linode another account has looks like one without any.
    """
    if case.subject.inventory.unread:
        yield unknown(case.subject.undeployed)
        return
    servers = {host_name(s.name, s.instance_id): s for s in case.subject.inventory.servers}
    tags = frozenset(server_tags(case.subject.tag, ROLES))
    wrong: list[Seen] = []
    for device in case.devices():
        if double := double_of(device, servers):
            wrong.append(_double(device, double))
        elif device.tags & tags and device.hostname not in servers:
            wrong += stray(case, device)
        elif server := servers.get(device.hostname):
            wrong += untagged(case, device, server)
    yield from wrong or [ok(f"none passes for one of the {len(servers)} servers")]


def double_of(device: Device, servers: Mapping[str, Placed]) -> Placed | None:
    """The server a device at another address is named like; Tailscale tells doubles by -1, -2."""
    twin = _TWIN.fullmatch(device.name)
    for name in (device.hostname, device.name, twin[1] if twin else ""):
        if name in servers and servers[name].address != device.address:
            return servers[name]
    return None


def untagged(case: Case, device: Device, server: Placed) -> list[Seen]:
    """What is wrong with a server's own device: without its roles' tags the policy is not for it.

    A key's tags count at the join alone; fks:tailnetTag may have changed since.
    """
    missing = [tag for tag in server_tags(case.subject.tag, server.roles) if tag not in device.tags]
    if not missing:
        return []
    return [
        problem(
            f"{_called(device)} is {server.name} and lacks {', '.join(missing)}; what fks tailnet "
            f"policy prints does not reach it",
            f"{CONSOLE}/machines: {device.name or device.hostname}, Edit ACL tags: add "
            f"{', '.join(missing)}",
        )
    ]


def stray(case: Case, device: Device) -> list[Seen]:
    """What is wrong with a tagged device this stack does not have; nothing if another has it."""
    stack, named = case.subject.stack, _OURS.fullmatch(device.hostname)
    told = (
        f"{_called(device)} carries {', '.join(sorted(device.tags))} and is no server of stack "
        f"{stack}"
    )
    if not named:
        return [problem(told, _removal(device))]
    try:
        tags = _linode_tags(case, named[1])
    except CannotTellError as error:
        doubt = f"{told}; whether it is another stack's cannot be told ({error.detail})"
        return [problem(doubt, f"If there is no Linode {named[1]}: {_removal(device)}")]
    if tags is None:
        gone = f"{told}; the account of LINODE_TOKEN has no Linode {named[1]}"
        return [problem(gone, f"Unless another account has it: {_removal(device)}")]
    if set(stack_tags(case.subject.short_name)) <= tags:
        return [problem(f"{told} yet, though Linode {named[1]} is", f"pulumi up --stack {stack}")]
    return []


def _linode_tags(case: Case, instance: str) -> set[str] | None:
    """The tags of an instance of the account, or None where there is none."""
    path = f"linode/instances/{instance}"
    answer = linode.get(case.environ, path, case.limits.call, token=True)
    if answer.status == 404:
        return None
    if answer.status != 200:
        raise CannotTellError(f"Linode answered {answer.status}")
    return set(answer.document["tags"])


def _double(device: Device, server: Placed) -> Seen:
    return problem(
        f"{_called(device)} is named like {server.name}, which is at {server.address}",
        _removal(device),
    )


def _called(device: Device) -> str:
    return f"device {device.name or device.hostname} ({device.address}, id {device.id})"


def _removal(device: Device) -> str:
    return (
        f"{CONSOLE}/machines/{device.address}: the menu of {device.name or device.hostname}, Remove"
    )
