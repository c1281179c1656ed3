"""Docker operations on the containers, volumes and networks that carry this world's label."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import docker
from docker.errors import NotFound
from docker.models.containers import Container
from docker.types import IPAMConfig, IPAMPool

from rehearsal.world.names import GATEWAY, LABEL, LABELS, NETWORK, SUBNET, WORLD, container_name


def mine(*labels: str) -> dict[str, str | list[str] | bool]:
    """Return a filter for this world's objects; a new dict, since docker-py modifies it."""
    return {"label": [f"{LABEL}={WORLD}", *labels]}


def find(client: docker.DockerClient, part: str) -> Container | None:
    """Return the container of a part of the world; None if there is none."""
    try:
        return client.containers.get(container_name(part))
    except NotFound:
        return None


def ensure_network(client: docker.DockerClient) -> None:
    """Create the world's network unless it exists."""
    if client.networks.list(names=[NETWORK], filters=mine()):
        return
    pool = IPAMPool(subnet=SUBNET, gateway=GATEWAY)
    client.networks.create(
        NETWORK, driver="bridge", ipam=IPAMConfig(pool_configs=[pool]), labels=LABELS
    )


def create(
    client: docker.DockerClient, part: str, image: str, address: str, **options: Any
) -> Container:
    """Return the running container of a part, or create one at its fixed address (not started).

    A container that does not run, or whose image is not the current one, is replaced.
    """
    old = find(client, part)
    if old is not None:
        if old.image is not None and old.image.id == client.images.get(image).id and _runs(old):
            return old
        old.remove(force=True, v=True)
    endpoint = client.api.create_endpoint_config(ipv4_address=address)
    return client.containers.create(
        image,
        name=container_name(part),
        hostname=part,
        labels=LABELS,
        networking_config={NETWORK: endpoint},
        network=NETWORK,
        **options,
    )


def _runs(container: Container) -> bool:
    container.reload()
    return bool(container.status == "running")


def put_files(
    target: Container, directory: str, files: dict[str, bytes], mode: int = 0o644
) -> None:
    """Write files below ``directory`` of a container."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(content), mode
            archive.addfile(info, io.BytesIO(content))
    target.put_archive(directory, buffer.getvalue())


def put_tree(target: Container, directory: str, root: Path, files: list[Path]) -> None:
    """Copy files of ``root`` with their modes below ``directory`` of a container."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path in files:
            archive.add(str(path), str(path.relative_to(root)), recursive=False)
    target.put_archive(directory, buffer.getvalue())


def execute(target: Container, command: list[str]) -> tuple[int, str]:
    """Run a command in a container; return its exit code and its output (stdout and stderr).

    By Docker's client: docker-py reads past the buffer of its HTTP connection, and so loses output
    that arrives together with the headers.
    """
    result = subprocess.run(
        ["docker", "exec", str(target.id), *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return result.returncode, result.stdout


def remove_all(client: docker.DockerClient, keep: tuple[str, ...] = ()) -> list[str]:
    """Remove every container, network and volume except ``keep``; return what was removed."""
    removed = []
    # The stand-in clouds first: they restart a server container that stops without their command.
    containers = client.containers.list(all=True, filters=mine())
    for container in sorted(containers, key=lambda row: row.name != container_name("cloud")):
        container.remove(force=True, v=True)
        removed.append(f"container {container.name}")
    for volume in client.volumes.list(filters=mine()):
        if volume.name in keep:
            continue
        volume.remove(force=True)
        removed.append(f"volume {volume.name}")
    for network in client.networks.list(filters=mine()):
        network.remove()
        removed.append(f"network {network.name}")
    return removed
