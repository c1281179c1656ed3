"""The stand-in world as a whole: build, start, find, enter and remove it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import docker

from rehearsal.world import docker_api as api
from rehearsal.world import (
    engine,
    images,
    machine,
    parts,
    registry,
    stand_in_clouds,
    tailnet,
    toolchain,
)
from rehearsal.world.names import ACME_NAME, CONTROL_NAME, ROOT, container_name
from rehearsal.world.operator import Operator
from rehearsal.world.progress import step
from rehearsal.world.requirements import requirements_of

CACHES = (container_name("apt"), container_name("registry"))
VOLUMES = (*CACHES, container_name("cloud"), container_name("control"))


@dataclass(frozen=True)
class World:
    """A running world: a Docker client and the operator."""

    client: docker.DockerClient
    operator: Operator

    def settings(self) -> dict[str, str]:
        """Return the settings that differ from production: this world's servers, key, DNS delay."""
        return {
            "fks:tailscaleKeyFingerprint": self._package_file("fingerprint"),
            "fks:nvidiaKeyFingerprint": self._package_file("nvidia-fingerprint"),
            "fks:loginServer": f"https://{CONTROL_NAME}",
            "fks:acmeServer": f"https://{ACME_NAME}/dir",
            "fks:caaIssuer": ACME_NAME,
            "fks:dnsPropagationSeconds": "1",
            "fks:tailnetOperators[0]": tailnet.OPERATOR_TAG,
        }

    def _package_file(self, name: str) -> str:
        clouds = self.client.containers.get(container_name("cloud"))
        return api.execute(clouds, ["cat", f"/var/lib/fks-packages/{name}"])[1].strip()


def prepare(*, tests: bool = False) -> docker.DockerClient:
    """Install Docker if missing, and build all programs and images (for the tests too)."""
    machine.prepare(tests=tests)
    client = machine.docker_client()
    # Go builds are limited by the processors, image builds by downloads: run them in parallel.
    with ThreadPoolExecutor(max_workers=1) as executor:
        programs = executor.submit(_programs)
        images.ensure_base(client)
        for image in (images.python(), *images.applications(), *images.infrastructure()):
            images.build(client, image)
        for image in images.with_programs(programs.result(), toolchain.stage_plugins()):
            images.build(client, image)
    return client


def _programs() -> dict[str, Path]:
    return {
        "pulumi": engine.engine(),
        "headscale": tailnet.HEADSCALE.path(),
        "tailscaled": tailnet.TAILSCALE.path(),
    }


def start(client: docker.DockerClient, overrides: Mapping[str, str] | None = None) -> World:
    """Start all containers, with the zones and images that stack files and overrides require."""
    requirements = requirements_of(ROOT, overrides)
    api.ensure_network(client)
    parts.ensure_volumes(client, VOLUMES)
    parts.start_apt(client)
    registry.start_registry(client, requirements.registries)
    registry.push_images(client, images.applications(), requirements.images)
    control = parts.start_control(client)
    acme_root = parts.start_acme(client)
    stand_in_clouds.start_clouds(client, requirements, control, acme_root)
    operator = Operator(parts.start_operator(client, control, acme_root))
    with step("copy the program to the operator"):
        operator.write_credentials()
        operator.copy_program()
    return World(client, operator)


def running() -> World:
    """Return the running world; MachineError if there is none."""
    client = machine.docker_client()
    container = api.find(client, "operator")
    if container is None or container.status != "running":
        raise machine.MachineError("no rehearsal is running: start one with 'make rehearse'")
    return World(client, Operator(container))


def stop(client: docker.DockerClient, *, keep_cache: bool = False) -> list[str]:
    """Remove all containers, volumes and networks of this world; return their names."""
    return api.remove_all(client, keep=CACHES if keep_cache else ())


def enter(command: list[str], *, terminal: bool) -> int:
    """Run a command in the operator's container on this terminal; return its exit code."""
    running()
    flags = ["-it"] if terminal else ["-i"]
    name = container_name("operator")
    return subprocess.run(
        ["docker", "exec", *flags, name, "operator-run", *command], check=False
    ).returncode
