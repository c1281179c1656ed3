"""The devices of one server: the one at its address, and others that have its name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from fks_infra.clouds.tailscale_device import Device, devices_of
from fks_infra.doctor.findings import CheckResult, problem, warning
from fks_infra.doctor.stack_info import StackInfo
from fks_infra.remote.inventory import DeployedServer
from fks_infra.topology.names import host_name
from fks_infra.topology.tailnet_policy import server_tags

# Tailscale appends -1, -2 to the name of a device whose host name is taken.
_DUPLICATE_NAME = re.compile(r"(.+)-\d+")


@dataclass(frozen=True, kw_only=True)
class ServerDevices:
    """`recorded` is the device at the address in the stack's outputs, `others` have its name."""

    stack: StackInfo
    server: DeployedServer
    recorded: Device | None
    others: Sequence[Device]

    @classmethod
    def of(
        cls, stack: StackInfo, server: DeployedServer, devices: Sequence[Device]
    ) -> "ServerDevices":
        """Find them among all devices of the tailnet."""
        hostname = host_name(server.name, server.instance_id)
        return cls(
            stack=stack,
            server=server,
            recorded=next((d for d in devices if d.address == server.address), None),
            others=[d for d in devices if d.address != server.address and _has_name(d, hostname)],
        )

    @property
    def all(self) -> list[Device]:
        """Every device that is this server, or has its name."""
        return [*([self.recorded] if self.recorded else []), *self.others]

    @property
    def successor(self) -> Device | None:
        """The device that the server is now, if it is not the recorded one."""
        if self.recorded and self.recorded.online:
            return None
        found = devices_of(self.others, self._hostname, frozenset(self._tags))
        return found[0] if found and found[0].online else None

    def results(self, now: float) -> Iterator[CheckResult]:
        """What is wrong with them; `now` is in seconds since 1970."""
        device = self.successor or self.recorded
        if self.successor:
            yield self._moved(self.successor)
        elif device is None:
            yield self._absent()
        if device:
            yield from self._host_name(device)
            yield from self._missing_tags(device)
            yield from _approval(device)
            yield from self._key_expiry(device, now)
        for other in self.others:
            if other is not self.successor:
                yield self._duplicate(other)

    @property
    def _hostname(self) -> str:
        return host_name(self.server.name, self.server.instance_id)

    @property
    def _tags(self) -> list[str]:
        return server_tags(self.stack.tag, self.server.roles)

    def _moved(self, device: Device) -> CheckResult:
        last = str(self.recorded) if self.recorded else f"{self.server.address}, without a device"
        then = f"; then {_removal(self.recorded)}" if self.recorded else ""
        return problem(
            f"{self.server.name} is now {device}, and the stack still has {last}",
            f"pulumi up --stack {self.stack.stack} takes the new address and keeps the disk{then}",
        )

    def _absent(self) -> CheckResult:
        return problem(
            f"{self.server.name} has no device in the tailnet: none at {self.server.address}, and "
            f"none that is online with the host name {self._hostname}",
            'Let it join again: docs/operations.md, "A server lost its place in the tailnet"',
        )

    def _host_name(self, device: Device) -> Iterator[CheckResult]:
        if device.hostname != self._hostname:
            yield problem(
                f"{device} is {self.server.name} and has the host name {device.hostname}; pulumi "
                f"finds it by {self._hostname} when it is removed or gets another address",
                f"On the server: sudo tailscale set --hostname={self._hostname}",
            )

    def _missing_tags(self, device: Device) -> Iterator[CheckResult]:
        """A device has the tags its key had at the join; fks:tailnetTag may have changed since."""
        missing = ", ".join(tag for tag in self._tags if tag not in device.tags)
        if missing:
            yield problem(
                f"{device} is {self.server.name} and lacks {missing}; the rules that fks tailnet "
                f"policy prints do not apply to it",
                f"{device.page}: Edit ACL tags: add {missing}",
            )

    def _key_expiry(self, device: Device, now: float) -> Iterator[CheckResult]:
        if not device.expires:
            return
        remedy = f"{device.page}: Disable key expiry"
        if datetime.fromisoformat(device.expires).timestamp() > now:
            leaves = f"then {self.server.name} leaves the tailnet"
            yield warning(f"the key of {device} expires at {device.expires}; {leaves}", remedy)
        else:
            yield problem(f"the key of {device} expired at {device.expires}", remedy)

    def _duplicate(self, other: Device) -> CheckResult:
        name, address = self.server.name, self.server.address
        if not other.online:
            return warning(
                f"{other} has the name of {name}, which is at {address}", _removal(other)
            )
        return problem(
            f"{other} is online with the name of {name}; the stack has {self.recorded or address}",
            f"tailscale ip -4 on the server (Lish console) prints its address. If it is {address}: "
            f"{_removal(other)}. If it is {other.address}: {other.page}: Edit ACL tags: "
            f"{', '.join(self._tags)}; then pulumi up --stack {self.stack.stack}",
        )


def _has_name(device: Device, hostname: str) -> bool:
    match = _DUPLICATE_NAME.fullmatch(device.name)
    return hostname in (device.hostname, device.name, match[1] if match else "")


def _approval(device: Device) -> Iterator[CheckResult]:
    if not device.authorized:
        yield problem(
            f"{device} waits for approval, so nothing can connect to it", f"{device.page}: Approve"
        )


def _removal(device: Device) -> str:
    return f"{device.page}: Remove (id {device.id})"
