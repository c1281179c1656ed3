"""The few things the world asks of Docker, by label."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

import docker
from docker.errors import NotFound
from docker.models.containers import Container
from docker.types import IPAMConfig, IPAMPool

from rehearsal.world.names import GATEWAY, LABEL, LABELS, NETWORK, SUBNET, WORLD, container_name


def mine(*labels: str) -> dict[str, str | list[str] | bool]:
    """Return a filter for what the world made; a new one, for docker-py writes into it."""
    return {"label": [f"{LABEL}={WORLD}", *labels]}


def find(client: docker.DockerClient, part: str) -> Container | None:
    """Return the container of a part of the world, if it is there."""
    try:
        return client.containers.get(container_name(part))
    except NotFound:
        return None


def ensure_network(client: docker.DockerClient) -> None:
    """Make the world's network unless it is there."""
    if client.networks.list(names=[NETWORK], filters=mine()):
        return
    pool = IPAMPool(subnet=SUBNET, gateway=GATEWAY)
    client.networks.create(
        NETWORK, driver="bridge", ipam=IPAMConfig(pool_configs=[pool]), labels=LABELS
    )


def start(
    client: docker.DockerClient, part: str, image: str, address: str, **options: Any
) -> Container:
    """Start a part at its fixed address; a container of an older image is replaced."""
    old = find(client, part)
    if old is not None:
        if old.image is not None and old.image.id == client.images.get(image).id and _runs(old):
            return old
        old.remove(force=True, v=True)
    low_level = client.api
    endpoint = low_level.create_endpoint_config(ipv4_address=address)
    return client.containers.create(
        image,
        name=container_name(part),
        hostname=part,
        labels=LABELS,
        networking_config={NETWORK: endpoint},
        network=NETWORK,
        **options,
    )


def _runs(found: Container) -> bool:
    found.reload()
    return bool(found.status == "running")


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


def execute(target: Container, command: list[str], **options: Any) -> tuple[int, str]:
    """Run a command in a container; return its exit code and its output."""
    code, output = target.exec_run(command, **options)
    if not isinstance(output, bytes):
        raise TypeError("streams have no place here")
    return int(code or 0), output.decode(errors="replace")


def remove_all(client: docker.DockerClient, keep: tuple[str, ...] = ()) -> list[str]:
    """Remove every container, volume (but those to keep) and network; return their names."""
    gone = []
    # The clouds go first: they would boot a server again that stops without their doing.
    everything = client.containers.list(all=True, filters=mine())
    for found in sorted(everything, key=lambda row: row.name != container_name("cloud")):
        found.remove(force=True, v=True)
        gone.append(f"container {found.name}")
    for volume in client.volumes.list(filters=mine()):
        if volume.name in keep:
            continue
        volume.remove(force=True)
        gone.append(f"volume {volume.name}")
    for network in client.networks.list(filters=mine()):
        network.remove()
        gone.append(f"network {network.name}")
    return gone
