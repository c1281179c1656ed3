"""Counts SSH connections, uploaded bytes and API calls, from sshd's log and the journal."""

from __future__ import annotations

import re
from dataclasses import dataclass

import docker
from docker.models.containers import Container

from rehearsal.world import docker_api as api
from rehearsal.world.stand_in_clouds import request_journal

WRITTEN = re.compile(r'^close ".*" bytes read \d+ written (\d+)$', re.MULTILINE)
LOG = ["journalctl", "-o", "cat", "-t", "sshd", "-t", "sshd-session", "-t", "sftp-server"]


@dataclass(frozen=True)
class Counters:
    """Totals of the running servers and of the clouds since the start of the world."""

    ssh_connections: int = 0
    bytes_uploaded: int = 0
    api_calls: int = 0

    def __sub__(self, earlier: Counters) -> Counters:
        return Counters(
            self.ssh_connections - earlier.ssh_connections,
            self.bytes_uploaded - earlier.bytes_uploaded,
            self.api_calls - earlier.api_calls,
        )


def read(client: docker.DockerClient) -> Counters:
    """Read the counters of the running world."""
    logins, written = 0, 0
    for server in servers(client):
        _, log = api.execute(server, [*LOG, "--no-pager"])
        logins += log.count("Accepted publickey")
        written += sum(int(number) for number in WRITTEN.findall(log))
    clouds = api.find(client, "cloud")
    return Counters(logins, written, len(request_journal(clouds)) if clouds else 0)


def servers(client: docker.DockerClient) -> list[Container]:
    """Return the running server containers."""
    return list(client.containers.list(filters=api.mine("fks.linode")))
