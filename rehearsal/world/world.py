"""The world as a whole: made, started, found again, taken away."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import docker

from rehearsal.world import docker_api as api
from rehearsal.world import engine, images, machine, parts, tailnet
from rehearsal.world.names import ACME_NAME, CONTROL_NAME, ROOT, container_name
from rehearsal.world.operator import Operator
from rehearsal.world.progress import step
from rehearsal.world.requirements import requirements_of

CACHES = (container_name("apt"), container_name("registry"))
VOLUMES = (*CACHES, container_name("cloud"), container_name("control"))


@dataclass(frozen=True)
class World:
    """A running world: Docker's client and the operator in it."""

    client: docker.DockerClient
    operator: Operator

    def settings(self) -> dict[str, str]:
        """Return what differs from production: names and a key of this world, a DNS at once."""
        cloud = self.client.containers.get(container_name("cloud"))
        _, fingerprint = api.execute(cloud, ["cat", "/var/lib/fks-packages/fingerprint"])
        return {
            "fks:tailscaleKeyFingerprint": fingerprint.strip(),
            "fks:loginServer": f"https://{CONTROL_NAME}",
            "fks:acmeServer": f"https://{ACME_NAME}/dir",
            "fks:caaIssuer": ACME_NAME,
            "fks:dnsPropagationSeconds": "1",
            "fks:tailnetOperators[0]": tailnet.OPERATOR_TAG,
        }


def prepare(*, tests: bool = False) -> docker.DockerClient:
    """Give the machine all that a world (and its tests) needs: Docker, programs, every image."""
    machine.prepare(tests=tests)
    client = machine.docker_client()
    # The programs' builds keep the processors busy, the images wait for packages: side by side.
    with ThreadPoolExecutor(max_workers=1) as aside:
        programs = aside.submit(_programs)
        images.ensure_base(client)
        for image in images.applications():
            images.build(client, image)
        for image in images.infrastructure(programs.result()):
            images.build(client, image)
    return client


def _programs() -> dict[str, Path]:
    tools = (tailnet.HEADSCALE, tailnet.TAILSCALE, tailnet.TAILSCALED)
    return {"pulumi": engine.engine(), **{tool.name: tool.path() for tool in tools}}


def start(client: docker.DockerClient, overrides: Mapping[str, str] | None = None) -> World:
    """Start all parts, with what the stack files and further settings ask for."""
    requirements = requirements_of(ROOT, overrides)
    api.ensure_network(client)
    parts.ensure_volumes(client, VOLUMES)
    parts.start_apt(client)
    parts.start_registry(client, requirements.registries)
    parts.push_applications(client, images.applications(), requirements.images)
    control = parts.start_control(client)
    acme_root = parts.start_acme(client)
    parts.start_cloud(client, requirements, control, acme_root)
    operator = Operator(parts.start_operator(client, control, acme_root))
    with step("hand the program to the operator"):
        operator.login()
        operator.sync()
    return World(client, operator)


def running() -> World:
    """Return the world that is running on this machine."""
    client = machine.docker_client()
    container = api.find(client, "operator")
    if container is None or container.status != "running":
        raise machine.MachineError("no rehearsal is running: start one with 'make rehearse'")
    return World(client, Operator(container))


def stop(client: docker.DockerClient, *, keep_cache: bool = False) -> list[str]:
    """Remove every container, volume and network of the world."""
    return api.remove_all(client, keep=CACHES if keep_cache else ())


def enter(command: list[str], *, terminal: bool) -> int:
    """Run a command in the operator with this terminal; return its exit code."""
    running()
    flags = ["-it"] if terminal else ["-i"]
    name = container_name("operator")
    return subprocess.run(
        ["docker", "exec", *flags, name, "operator-run", *command], check=False
    ).returncode
