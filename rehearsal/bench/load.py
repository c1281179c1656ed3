"""A client that asks one URL as often as it can, in the network namespace of a server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import docker
from docker.models.containers import Container

from rehearsal.world import docker_api as api
from rehearsal.world.images import IMAGES, Image
from rehearsal.world.names import LABELS, container_name

IMAGE = Image("fks-rehearsal/load", IMAGES / "load")
# Below the 16 connections to a peer that each of nginx's workers keeps, so that none is made anew.
CONNECTIONS = 12
FAILURES = ("not_200", "connect", "read", "write", "timeout")


@dataclass(frozen=True)
class Outcome:
    """What a load came to: answers, the seconds they took, and what went wrong how often."""

    requests: int
    seconds: float
    failures: dict[str, int]

    @property
    def rate(self) -> float:
        """Answers per second."""
        return self.requests / self.seconds

    @classmethod
    def parse(cls, said: str) -> Outcome:
        """Read the last line that wrk printed (rehearsal/images/load/count.lua)."""
        seen = json.loads(said.strip().splitlines()[-1])
        failures = {name: int(seen[name]) for name in FAILURES if seen[name]}
        return cls(int(seen["requests"]), float(seen["seconds"]), failures)

    def judge(self) -> None:
        """Raise RuntimeError unless there were answers and every one of them was a 200."""
        if self.failures or not self.requests:
            raise RuntimeError(
                f"of {self.requests} requests some failed: {self.failures or 'no answer at all'}; "
                "a load counts only when every answer is 200: see the edge's log on the server"
            )


@dataclass(frozen=True)
class Load:
    """The client's container."""

    container: Container

    @classmethod
    @contextmanager
    def beside(cls, client: docker.DockerClient, server: Container) -> Iterator[Load]:
        """Come into a server's network namespace, and be gone at the end."""
        found = client.containers.create(
            IMAGE.tag,
            name=container_name("load"),
            labels=LABELS,
            network_mode=f"container:{server.id}",
            init=True,
        )
        try:
            found.start()
            yield cls(found)
        finally:
            found.remove(force=True, v=True)

    def ask(self, url: str, seconds: int) -> Outcome:
        """Ask on connections that are kept, for so many seconds."""
        words = ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--timeout", "5s"]
        words += ["--duration", f"{seconds}s", "--script", "/opt/fks/count.lua", url]
        code, output = api.execute(self.container, words)
        if code != 0:
            raise RuntimeError(f"wrk {url} exited with {code}: {output}")
        return Outcome.parse(output)
