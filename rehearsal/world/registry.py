"""The image registry of the world, and the servers' images in it."""

from __future__ import annotations

from collections.abc import Mapping

import docker

from rehearsal.world import docker_api as api
from rehearsal.world.build_context import Image
from rehearsal.world.names import REGISTRY, container_name
from rehearsal.world.parts import LOGS, add_certificate, port_is_open, start_and_wait
from rehearsal.world.progress import step
from rehearsal.world.requirements import split_image


def start_registry(client: docker.DockerClient, names: tuple[str, ...]) -> None:
    """Start one registry with a certificate for all ``names``."""
    with step("start the image registry"):
        container = api.create(
            client,
            "registry",
            "fks-rehearsal/registry",
            REGISTRY,
            volumes={container_name("registry"): {"bind": "/var/lib/registry", "mode": "rw"}},
            log_config=LOGS,
            ports={"443/tcp": ("127.0.0.1", None)},
        )
        add_certificate(container, "registry", names)
        # nginx, on port 443, is started before it.
        start_and_wait(container, port_is_open(5000), "the image registry")


def push_images(client: docker.DockerClient, built: list[Image], custom: Mapping[str, str]) -> None:
    """Push the servers' images under their default names and under the names in the settings.

    ``custom`` maps a name from the settings to the default name of its stand-in. Docker accepts a
    registry on the loopback address without a trusted certificate.
    """
    with step("push the servers' images to the registry") as current:
        port = _published_port(client)
        tags = {name: image.tag for image in built for name in image.push}
        tags = {name: tags[default] for name, default in custom.items()} | tags
        for name, tag in tags.items():
            _, repository, version = split_image(name)
            _push(client, tag, f"127.0.0.1:{port}/{repository}", version)
        current.detail = f"{len(tags)} names"


def _published_port(client: docker.DockerClient) -> str:
    container = client.containers.get(container_name("registry"))
    bindings = container.ports["443/tcp"]
    if not bindings:
        raise RuntimeError(
            f"the registry's port is not published: see 'docker logs {container.name}'"
        )
    return str(bindings[0]["HostPort"])


def _push(client: docker.DockerClient, tag: str, target: str, version: str) -> None:
    client.images.get(tag).tag(target, version)
    try:
        for row in client.images.push(target, version, stream=True, decode=True):
            if "error" in row:
                raise RuntimeError(f"cannot push {target}:{version}: {row['error']}")
    finally:
        client.images.remove(f"{target}:{version}", noprune=True)
