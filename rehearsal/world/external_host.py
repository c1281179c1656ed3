"""Somebody outside: on the public network, in no tailnet, curious about open ports."""

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
# So many probes a second: all ports of three silent servers in about half a minute.
_RATE = "20000"
_HOST = re.compile(r"^Host: (\S+) .*?\tPorts: (.*?)(?:\t|$)", re.MULTILINE)
_OPEN = re.compile(r"(\d+)/open/tcp")


@dataclass(frozen=True)
class ExternalHost:
    """A container that only ever talks to this world's own addresses."""

    container: Container

    @classmethod
    @contextmanager
    def visit(cls, client: docker.DockerClient) -> Iterator[ExternalHost]:
        """Come, and be gone at the end."""
        options = {"cap_add": ["NET_RAW", "NET_ADMIN"], "init": True}
        found = api.start(
            client, "external-host", "fks-rehearsal/external-host", EXTERNAL_HOST, **options
        )
        try:
            if found.status != "running":
                found.start()
            # Nothing it sends may leave this world's own network.
            _ip(found, "route", "del", "default")
            yield cls(found)
        finally:
            found.remove(force=True, v=True)

    def open_ports(self, addresses: Sequence[str], ports: str = ALL_PORTS) -> dict[str, list[int]]:
        """Return the open TCP ports of each address, by a SYN scan."""
        scan = ["nmap", "-n", "-Pn", "-sS", "-p", ports, "--open", "--min-rate", _RATE]
        scan += ["--max-retries", "1", "--min-hostgroup", str(len(addresses)), "-oG", "-"]
        code, output = api.execute(self.container, [*scan, *addresses])
        if code != 0 or "Nmap done" not in output:
            raise RuntimeError(f"the scan ended with {code}: {output}")
        found = {host: [int(port) for port in _OPEN.findall(text)] for host, text in
                 _HOST.findall(output)}  # fmt: skip
        return {address: found.get(address, []) for address in addresses}

    def serve(self, address: str) -> None:
        """Take an address and answer HTTP there."""
        _ip(self.container, "address", "replace", f"{address}/32", "dev", "lo")
        self.container.exec_run(
            ["python3", "-m", "http.server", "--bind", address, "80"], detach=True
        )
        look = [
            "curl",
            "--silent",
            "--show-error",
            "--fail",
            "--max-time",
            "2",
            f"http://{address}",
        ]

        def answers() -> str | None:
            code, output = api.execute(self.container, look)
            return None if code == 0 else output.strip()

        wait_until(f"the external_host answers at {address}", answers, 20)

    def route(self, address: str, gateway: str) -> None:
        """Send what is for an address to a neighbour, whatever address that one has."""
        _ip(self.container, "route", "replace", address, "via", gateway)

    def answers(self, url: str, address: str) -> str:
        """Return what curl gets for a URL at an address, or what it complains of."""
        host = url.split("//")[1].split("/")[0]
        fetch = ["curl", "--silent", "--show-error", "--insecure", "--max-time", "5"]
        fetch += ["--resolve", f"{host}:443:{address}", url]
        return api.execute(self.container, fetch)[1].strip()


def _ip(container: Container, *words: str) -> None:
    code, output = api.execute(container, ["ip", *words])
    if code != 0:
        raise RuntimeError(f"ip {' '.join(words)} exited with {code}: {output}")
