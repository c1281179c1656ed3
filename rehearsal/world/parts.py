"""Starts the world's own containers, except the registry and the stand-in clouds."""

from __future__ import annotations

from collections.abc import Iterable

import docker
from docker.models.containers import Container
from docker.types import LogConfig

from rehearsal.world import docker_api as api
from rehearsal.world import images, tailnet
from rehearsal.world.names import (
    ACME,
    ACME_NAME,
    APT,
    CLOUD,
    CONTROL,
    CONTROL_NAME,
    LABELS,
    OPERATOR,
    container_name,
)
from rehearsal.world.progress import step, wait_until

LOGS = LogConfig(type="json-file", config={"max-size": "20m", "max-file": "2"})


def start_apt(client: docker.DockerClient) -> None:
    """Start the cache of Debian packages that the servers use."""
    with step("start the package cache"):
        container = api.create(
            client,
            "apt",
            "fks-rehearsal/apt",
            APT,
            volumes={container_name("apt"): {"bind": "/var/cache/apt-cacher-ng", "mode": "rw"}},
            log_config=LOGS,
        )
        start_and_wait(container, port_is_open(3142), "the package cache")


def start_control(client: docker.DockerClient) -> Container:
    """Start the tailnet's control server (headscale)."""
    with step("start the tailnet's control server"):
        container = api.create(
            client,
            "control",
            "fks-rehearsal/control",
            CONTROL,
            environment={"HEADSCALE_DERP_SERVER_IPV4": CONTROL},
            volumes={container_name("control"): {"bind": "/var/lib/headscale", "mode": "rw"}},
            log_config=LOGS,
        )
        add_certificate(container, "control", (CONTROL_NAME,))
        if container.status != "running":
            policy = {"policy.json": tailnet.headscale_policy()}
            api.put_files(container, "/etc/headscale", policy)
        start_and_wait(container, ["headscale", "users", "list"], "the control server")
        tailnet.ensure_user(container)
        return container


def start_acme(client: docker.DockerClient) -> bytes:
    """Start the ACME server; return its root certificate (PEM), a new one at each start."""
    with step("start the ACME server"):
        container = api.create(
            client,
            "acme",
            "fks-rehearsal/acme",
            ACME,
            command=["-dnsserver", f"{CLOUD}:53"],
            log_config=LOGS,
        )
        add_certificate(container, "acme", (ACME_NAME,))
        # pebble's management port is on the loopback address, for which it has no certificate.
        root = ["curl", "--silent", "--fail", "--insecure", "https://127.0.0.1:15000/roots/0"]
        start_and_wait(container, root, "the ACME server")
        return api.execute(container, root)[1].encode()


def start_operator(client: docker.DockerClient, control: Container, acme_root: bytes) -> Container:
    """Start the operator's container, join it to the tailnet and let it trust the ACME server."""
    with step("start the operator") as current:
        container = api.create(
            client,
            "operator",
            "fks-rehearsal/operator",
            OPERATOR,
            dns=[CLOUD],
            cap_add=["NET_ADMIN", "NET_RAW"],
            devices=["/dev/net/tun:/dev/net/tun:rwm"],
            init=True,
            log_config=LOGS,
        )
        start_and_wait(
            container, ["tailscale", "status", "--json"], "the operator's tailnet client"
        )
        trusted = {"fks-acme.crt": acme_root}
        api.put_files(container, "/usr/local/share/ca-certificates", trusted)
        api.execute(container, ["update-ca-certificates"])
        current.detail = tailnet.join(container, control, "operator", tailnet.OPERATOR_TAG)
        return container


def ensure_volumes(client: docker.DockerClient, names: Iterable[str]) -> None:
    """Create labelled volumes; a volume that Docker creates by itself has no label."""
    for name in names:
        client.volumes.create(name=name, labels=LABELS)


def add_certificate(container: Container, part: str, names: tuple[str, ...]) -> None:
    """Put a certificate for ``names`` into /etc/fks of a container that is not running yet."""
    if container.status == "running":
        return
    certificate, key = images.authority().issue(part, names)
    files = {f"fks/{part}.crt": certificate.read_bytes(), f"fks/{part}.key": key.read_bytes()}
    api.put_files(container, "/etc", files)


def port_is_open(port: int) -> list[str]:
    """Return a command that succeeds when a TCP port of its container is open."""
    return ["bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{port}"]


def start_and_wait(
    container: Container, command: list[str], what: str, timeout: float = 60
) -> None:
    """Start a container unless it runs; wait until ``command`` succeeds in it.

    Raises WaitTimeoutError, with the container's log if it has stopped.
    """
    if container.status != "running":
        container.start()

    def probe() -> str | None:
        container.reload()
        if container.status != "running":
            log = container.logs(tail=20).decode(errors="replace")
            return f"container is {container.status}: {log}"
        code, output = api.execute(container, command)
        return None if code == 0 else output.strip() or f"exit code {code}"

    wait_until(f"{what} is ready", probe, timeout)
