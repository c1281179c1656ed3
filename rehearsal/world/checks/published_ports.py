"""What listens on a server, listens on its loopback or in the tailnet; sshd alone everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from rehearsal.world.report import Check
from rehearsal.world.scenario import Scenario

SSH = 22
TAILNET = (ip_network("100.64.0.0/10"), ip_network("fd7a:115c:a1e0::/48"))
# Of `docker ps`: "127.0.0.1:8000->8000/tcp"; a port that is not published has no arrow.
_PUBLISHED = re.compile(r"(\S+):\d+->")


def published(scenario: Scenario) -> Iterator[Check]:
    """Look at the kernel's listening sockets and at what Docker publishes, on every server."""
    wide, counted = [], 0
    for row in scenario.operator.servers():
        name = row["name"]
        sockets = scenario.on_server(name, "ss", "-lntH").splitlines()
        docker = scenario.on_server(name, "docker", "ps", "--format", "{{.Ports}}")
        counted += len(sockets)
        wide += [f"{name}: {local}" for local in map(_local, sockets) if _is_wide(local)]
        wide += [f"{name}: Docker, {at}" for at in _PUBLISHED.findall(docker) if at != "127.0.0.1"]
    told = wide or "ssh only"
    detail = f"{counted} listening TCP sockets, beyond loopback and tailnet: {told}"
    yield Check("published_ports", not wide and counted > 0, detail)


def _local(line: str) -> str:
    """The local end of a line of `ss`: ADDRESS:PORT."""
    return line.split()[3]


def _is_wide(local: str) -> bool:
    address, _, port = local.rpartition(":")
    if int(port) == SSH:
        return False
    if address == "*":
        return True
    found = ip_address(address.strip("[]").partition("%")[0])
    return not (found.is_loopback or any(found in network for network in TAILNET))
