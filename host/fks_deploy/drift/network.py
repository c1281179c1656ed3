"""Listening ports that nothing of ours opened, and packet filter tables that nobody known made."""

import ipaddress
import re
from collections.abc import Iterator

from ..limits import EDGE_PORT
from .context import Context
from .deviation import ABSENT, Deviation, not_ours

_PROCESS = re.compile(r'\("([^"]+)",pid=(\d+)')
# Programs that listen on other addresses than loopback: the system's own, and Tailscale.
_PROGRAMS = {
    "tcp": ("sshd", "systemd", "tailscaled"),
    "udp": ("chronyd", "dhclient", "dhcpcd", "systemd-network", "systemd-timesyn", "tailscaled"),
}
# The edge, in the network of the server
_EDGE = ("tcp", EDGE_PORT, "nginx")
# From here on the kernel chooses ports of programs that only send.
_EPHEMERAL = 32768
# Ours, and those that Docker and Tailscale make through iptables.
_TABLE = "inet fks"
_IPTABLES = re.compile(r"ip6? (filter|mangle|nat|raw|security|docker-bridges)")


def ports(context: Context) -> Iterator[Deviation]:
    for line in context.output(["ss", "--no-header", "--listening", "-tunp"]).splitlines():
        protocol, local = line.split()[0], line.split()[4]
        address, _, port = local.rpartition(":")
        match = _PROCESS.search(line)
        program, process = (match[1], match[2]) if match else ("unknown", "?")
        if not _is_loopback(address) and not _is_known(protocol, int(port), program):
            found = f"{program} (process {process}) listens on {address}"
            yield Deviation("port", f"{protocol}/{port}", ABSENT, found)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.strip("[]").partition("%")[0]).is_loopback
    except ValueError:
        # "*": all addresses
        return False


def _is_known(protocol: str, port: int, program: str) -> bool:
    if (protocol, port, program) == _EDGE:
        return True
    sends_only = protocol == "udp" and port >= _EPHEMERAL
    return sends_only or program in _PROGRAMS[protocol]


def tables(context: Context) -> Iterator[Deviation]:
    for line in context.output(["nft", "list", "tables"]).splitlines():
        name = line.removeprefix("table ")
        if name != _TABLE and not _IPTABLES.fullmatch(name):
            yield not_ours("table", name, "loaded")
