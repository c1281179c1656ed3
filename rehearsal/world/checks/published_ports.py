"""Checks that all listening sockets but sshd's are on the loopback or tailnet address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from fks_infra.limits import SSH_PORT, TAILNET_RANGE
from rehearsal.world.report import Check
from rehearsal.world.scenario import Scenario

TAILNETS = (TAILNET_RANGE, ip_network("fd7a:115c:a1e0::/48"))
# Of `docker ps`: "127.0.0.1:8000->8000/tcp"; a port that is not published has no arrow.
_PUBLISHED = re.compile(r"(\S+):\d+->")


def published_ports(scenario: Scenario) -> Iterator[Check]:
    """Read the kernel's listening TCP sockets and Docker's published ports on every server."""
    public, count = [], 0
    for row in scenario.operator.servers():
        name = row["name"]
        sockets = scenario.on_server(name, "ss", "-lntH").splitlines()
        docker = scenario.on_server(name, "docker", "ps", "--format", "{{.Ports}}")
        count += len(sockets)
        public += [f"{name}: {socket}" for socket in map(_local, sockets) if is_public(socket)]
        public += [f"{name}: Docker, {at}" for at in published(docker) if at != "127.0.0.1"]
    detail = f"{count} listening TCP sockets, outside loopback and tailnet: {public or 'ssh only'}"
    yield Check("published_ports", not public and count > 0, detail)


def published(ports: str) -> list[str]:
    """Return the addresses on which Docker publishes ports, from `docker ps`."""
    return _PUBLISHED.findall(ports)


def _local(line: str) -> str:
    """Return the local ADDRESS:PORT of a line of `ss`."""
    return line.split()[3]


def is_public(socket: str) -> bool:
    """Return whether ADDRESS:PORT is neither SSH's port nor a loopback or tailnet address."""
    address, _, port = socket.rpartition(":")
    if int(port) == SSH_PORT:
        return False
    if address == "*":
        return True
    ip = ip_address(address.strip("[]").partition("%")[0])
    return not (ip.is_loopback or any(ip in network for network in TAILNETS))
