"""A host on the public network and outside the tailnet, which scans ports and sends requests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import docker
from docker.models.containers import Container

from rehearsal.world import docker_api as api
from rehearsal.world.names import EXTERNAL_HOST
from rehearsal.world.progress import wait_until

ALL_PORTS = "1-65535"
# Probes per second: scans all ports of three servers in about half a minute.
_RATE = "20000"
_HOST = re.compile(r"^Host: (\S+) .*?\tPorts: (.*?)(?:\t|$)", re.MULTILINE)
_OPEN = re.compile(r"(\d+)/open/tcp")
_CURL = ("curl", "--silent", "--show-error")


@dataclass(frozen=True)
class ExternalHost:
    """A container that reaches this world's own network only."""

    container: Container

    @classmethod
    @contextmanager
    def started(cls, client: docker.DockerClient) -> Iterator[ExternalHost]:
        """Start the container; remove it at the end."""
        container = api.create(
            client,
            "external-host",
            "fks-rehearsal/external-host",
            EXTERNAL_HOST,
            cap_add=["NET_RAW", "NET_ADMIN"],
            init=True,
        )
        try:
            if container.status != "running":
                container.start()
            # Without a default route no probe leaves the world's network.
            _ip(container, "route", "del", "default")
            yield cls(container)
        finally:
            container.remove(force=True, v=True)

    def open_ports(self, addresses: Sequence[str], ports: str = ALL_PORTS) -> dict[str, list[int]]:
        """Return the open TCP ports of each address, found by a SYN scan."""
        scan = ["nmap", "-n", "-Pn", "-sS", "-p", ports, "--open", "--min-rate", _RATE]
        scan += ["--max-retries", "1", "--min-hostgroup", str(len(addresses)), "-oG", "-"]
        code, output = api.execute(self.container, [*scan, *addresses])
        if code != 0 or "Nmap done" not in output:
            raise RuntimeError(f"nmap exited with {code}: {output}")
        found = parse_scan(output)
        return {address: found.get(address, []) for address in addresses}

    def serve_http(self, address: str) -> None:
        """Add an address and serve HTTP on its port 80."""
        _ip(self.container, "address", "replace", f"{address}/32", "dev", "lo")
        server = ["python3", "-m", "http.server", "--bind", address, "80"]
        self.container.exec_run(server, detach=True)
        fetch = [*_CURL, "--fail", "--max-time", "2", f"http://{address}"]

        def probe() -> str | None:
            code, output = api.execute(self.container, fetch)
            return None if code == 0 else output.strip()

        wait_until(f"the external host answers at {address}", probe, 20)

    def add_route(self, address: str, gateway: str) -> None:
        """Route packets for an address to a host on the public network."""
        _ip(self.container, "route", "replace", address, "via", gateway)

    def fetch(self, url: str, address: str) -> str:
        """Return the body of a response to GET from an address, or curl's error message."""
        host = url.split("//")[1].split("/")[0]
        resolve = ["--resolve", f"{host}:443:{address}"]
        fetch = [*_CURL, "--insecure", "--max-time", "5", *resolve, url]
        return api.execute(self.container, fetch)[1].strip()


def parse_scan(output: str) -> dict[str, list[int]]:
    """Return the open TCP ports by address of nmap's greppable output (-oG)."""
    return {host: [int(n) for n in _OPEN.findall(ports)] for host, ports in _HOST.findall(output)}


def _ip(container: Container, *arguments: str) -> None:
    code, output = api.execute(container, ["ip", *arguments])
    if code != 0:
        raise RuntimeError(f"ip {' '.join(arguments)} exited with {code}: {output}")
