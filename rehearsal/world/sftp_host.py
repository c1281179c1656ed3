"""A host on the public network that accepts files by SFTP, for backups."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import docker
from docker.models.containers import Container

from rehearsal.world import docker_api as api
from rehearsal.world.names import EXTERNAL_HOST
from rehearsal.world.progress import wait_until

PATH = "/home/archive/fks"
# sshd of the servers' image, without their boot; the keys are the container's own.
_START = (
    "useradd --create-home archive; install -d -o archive -m 700 ~archive/.ssh; "
    "mkdir -p /run/sshd; "
    'ssh-keygen -q -A; su archive -s /bin/sh -c \'ssh-keygen -q -t ed25519 -N "" -f ~/.ssh/key; '
    "cp ~/.ssh/key.pub ~/.ssh/authorized_keys'; exec /usr/sbin/sshd -D -e"
)


@dataclass(frozen=True)
class SftpHost:
    """A container with the user `archive`."""

    container: Container

    @classmethod
    @contextmanager
    def started(cls, client: docker.DockerClient, image: str) -> Iterator[SftpHost]:
        """Start the container; remove it at the end. `image` is that of the servers."""
        container = api.create(
            client,
            "sftp-host",
            image,
            EXTERNAL_HOST,
            entrypoint=["/bin/sh", "-c", _START],
        )
        try:
            container.start()
            host = cls(container)
            wait_until("sshd of the host for backups listens", host._not_ready, 60)
            yield host
        finally:
            container.remove(force=True, v=True)

    @property
    def repository(self) -> str:
        """As fks:backup.repository has it."""
        return f"sftp:archive@{EXTERNAL_HOST}:{PATH}"

    @property
    def host_key(self) -> str:
        """As fks:backup.hostKey has it."""
        text = self.read("/etc/ssh/ssh_host_ed25519_key.pub")
        return " ".join(text.split()[:2])

    @property
    def private_key(self) -> str:
        """That of the user."""
        return self.read("/home/archive/.ssh/key")

    def read(self, file: str) -> str:
        return self.run("cat", file)

    def run(self, *command: str) -> str:
        """Its output; RuntimeError if it fails."""
        code, output = api.execute(self.container, list(command))
        if code != 0:
            raise RuntimeError(f"{' '.join(command)} exited with {code}: {output}")
        return output

    def _not_ready(self) -> str | None:
        code, _ = api.execute(self.container, ["pgrep", "-x", "sshd"])
        return None if code == 0 else "sshd does not run yet"
