"""The container of the stand-in clouds and the name server."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

import docker
from docker.models.containers import Container

from rehearsal.world import docker_api as api
from rehearsal.world import images, tailnet
from rehearsal.world.names import (
    ACME,
    ACME_NAME,
    APT,
    APT_NAME,
    CLOUD,
    CLOUD_NAMES,
    CONTROL,
    CONTROL_NAME,
    NETWORK,
    PREFIX,
    REGISTRY,
    WORLD,
    container_name,
)
from rehearsal.world.parts import LOGS, add_certificate, port_is_open, start_and_wait
from rehearsal.world.progress import step
from rehearsal.world.requirements import Requirements

DOCKER_SOCKET = "/var/run/docker.sock"
# An engine's address with its socket, as DOCKER_HOST has it for rootless Docker.
UNIX = "unix://"
JOURNAL = "/var/lib/fks/journal.jsonl"


def engine_socket(environment: Mapping[str, str]) -> str:
    """Return the path of the socket of the engine that DOCKER_HOST names, or of the default one."""
    address = environment.get("DOCKER_HOST", "")
    return address.removeprefix(UNIX) if address.startswith(UNIX) else DOCKER_SOCKET


def start_clouds(
    client: docker.DockerClient, requirements: Requirements, control: Container, acme_root: bytes
) -> None:
    """Start the clouds with the required zones, in front of the control and the ACME server."""
    with step("start the stand-in clouds and the name server"):
        container = api.create(
            client,
            "cloud",
            "fks-rehearsal/cloud",
            CLOUD,
            command=_arguments(requirements),
            volumes={
                engine_socket(os.environ): {"bind": DOCKER_SOCKET, "mode": "rw"},
                container_name("cloud"): {"bind": "/var/lib/fks", "mode": "rw"},
            },
            # It is the world's name server and has no resolver itself.
            extra_hosts={CONTROL_NAME: CONTROL, ACME_NAME: ACME},
            log_config=LOGS,
        )
        add_certificate(container, "cloud", (*CLOUD_NAMES, ACME_NAME))
        if container.status != "running":
            files = {
                "fks/headscale.key": tailnet.api_key(control),
                "fks/ca.crt": images.authority().certificate.read_bytes(),
                "fks/acme-root.crt": acme_root,
            }
            api.put_files(container, "/etc", files, mode=0o600)
        start_and_wait(container, port_is_open(443), "the stand-in clouds")


def _arguments(requirements: Requirements) -> list[str]:
    """Return the command line of `python -m rehearsal.clouds`."""
    options = {
        "--world": WORLD,
        "--network": NETWORK,
        "--image": images.server().tag,
        "--public-prefix": PREFIX,
        "--self-address": CLOUD,
        "--cert": "/etc/fks/cloud.crt",
        "--key": "/etc/fks/cloud.key",
        "--state": "/var/lib/fks/state.json",
        "--objects": "/var/lib/fks/objects",
        "--journal": JOURNAL,
        "--headscale": CONTROL_NAME,
        "--headscale-key": "/etc/fks/headscale.key",
        "--ca": "/etc/fks/ca.crt",
        "--acme": ACME_NAME,
        "--trust": "/etc/fks/acme-root.crt",
    }
    arguments = ["serve", *(part for option in options.items() for part in option)]
    addresses = {APT_NAME: APT, CONTROL_NAME: CONTROL}
    addresses |= dict.fromkeys(requirements.registries, REGISTRY)
    for name, address in addresses.items():
        arguments += ["--name", f"{name}={address}"]
    for zone in requirements.zones:
        arguments += ["--zone", zone]
    return arguments


def request_journal(container: Container) -> list[dict[str, object]]:
    """Return all requests to the clouds so far, oldest first."""
    _, text = api.execute(container, ["sh", "-c", f"cat {JOURNAL} 2>/dev/null || true"])
    return [json.loads(line) for line in text.splitlines()]
