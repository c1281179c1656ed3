"""A load client (wrk) for one URL, in the network namespace of a server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import docker
from docker.models.containers import Container

from rehearsal.world import docker_api as api
from rehearsal.world.build_context import Image
from rehearsal.world.images import IMAGES
from rehearsal.world.names import LABELS, container_name

IMAGE = Image("fks-rehearsal/load", IMAGES / "load")
# Fewer than the 16 connections to a peer that each nginx worker keeps, so none is opened anew.
CONNECTIONS = 12
FAILURES = ("not_200", "connect", "read", "write", "timeout")


@dataclass(frozen=True)
class LoadResult:
    """The number of responses, the seconds they took, failures by kind, and median and 99th
    percentile of the response times in milliseconds."""

    requests: int
    seconds: float
    failures: dict[str, int]
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Responses per second."""
        return self.requests / self.seconds

    @classmethod
    def parse(cls, output: str) -> LoadResult:
        """Parse the last line of wrk's output, which is JSON (rehearsal/images/load/count.lua)."""
        row = json.loads(output.strip().splitlines()[-1])
        failures = {name: int(row[name]) for name in FAILURES if row[name]}
        times = float(row["p50"]), float(row["p99"])
        return cls(int(row["requests"]), float(row["seconds"]), failures, *times)

    def verify(self) -> None:
        """Raise RuntimeError unless there were responses and all had status 200."""
        if self.failures or not self.requests:
            raise RuntimeError(
                f"failures in {self.requests} requests: {self.failures or 'no response at all'}; "
                "see nginx's log on the server"
            )


@dataclass(frozen=True)
class LoadClient:
    """The client's container."""

    container: Container

    @classmethod
    @contextmanager
    def started(cls, client: docker.DockerClient, server: Container) -> Iterator[LoadClient]:
        """Start the container in a server's network namespace; remove it at the end."""
        container = client.containers.create(
            IMAGE.tag,
            name=container_name("load"),
            labels=LABELS,
            network_mode=f"container:{server.id}",
            init=True,
        )
        try:
            container.start()
            yield cls(container)
        finally:
            container.remove(force=True, v=True)

    def run(self, url: str, seconds: int, connections: int = CONNECTIONS) -> LoadResult:
        """Send requests on kept connections for some seconds."""
        wrk = ["wrk", "--threads", "1", "--connections", str(connections), "--timeout", "5s"]
        wrk += ["--duration", f"{seconds}s", "--script", "/opt/fks/count.lua", url]
        code, output = api.execute(self.container, wrk)
        if code != 0:
            raise RuntimeError(f"wrk {url} exited with {code}: {output}")
        return LoadResult.parse(output)
